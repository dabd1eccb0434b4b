//! Effects: what a table pushes to a CRM or another program once a row is at rest.

use super::found::Found;
use super::section::{Section, text, unfit_or};
use crate::diagnostics::TableError;
use crate::span::{Span, Spanned};
use crate::table::yaml::{Node, NodeKind};

/// One effect, with its formulas and templates as texts.
#[derive(Clone, Debug)]
pub struct EffectFile {
    /// What it is called.
    pub name: Spanned<String>,
    /// When a row is pushed.
    pub trigger: Option<Spanned<String>>,
    /// Whose definition of a push is used, if it is said.
    pub provider: Option<Spanned<String>>,
    /// What is pushed: `contacts`.
    pub object: Option<Spanned<String>>,
    /// The method of the generic push.
    pub method: Option<Spanned<String>>,
    /// Where it goes.
    pub url: Option<Spanned<String>>,
    /// Further headers of the generic push, as templates.
    pub headers: Vec<(Spanned<String>, Spanned<String>)>,
    /// The environment variable that holds the key of the generic push, sent as a bearer token.
    pub key_env: Option<Spanned<String>>,
    /// The property that tells one contact from another.
    pub dedup_key: Option<Spanned<String>>,
    /// The properties and what they are given.
    pub mapping: Vec<Mapped>,
    /// Whether the properties are said, rightly or wrongly.
    pub has_mapping: bool,
    /// The body of the generic push, where it is not just the properties.
    pub body: Option<Node>,
    /// Whether it runs by itself.
    pub auto_run: bool,
    /// Where it stands.
    pub span: Span,
}

/// One property of a field mapping.
#[derive(Clone, Debug)]
pub struct Mapped {
    /// The property.
    pub property: Spanned<String>,
    /// What it is given, as a template.
    pub value: Node,
    /// Whether it is only given to a contact that is new.
    pub on_create: bool,
}

impl EffectFile {
    /// Reads a section in the way of `crm_sync` or `native_crm_action`.
    pub(super) fn read(name: Spanned<String>, mut section: Section<'_>, found: &mut Found) -> Self {
        let native = section.text("type", found);
        let (provider, object) = native.as_ref().map_or((None, None), native_type);
        let dedup = section.text("dedup", found).map(|dedup| {
            // `Match on email`
            let key = dedup.value.rsplit(' ').next().unwrap_or_default().to_owned();
            Spanned::new(key, dedup.span)
        });
        let (trigger, condition) = (section.formula("trigger", found), section.formula("condition", found));
        let effect = Self {
            trigger: trigger.or(condition),
            provider: section.text("provider", found).or(provider),
            object: section.text("object", found).or(object),
            method: section.text("method", found),
            url: section.text("url", found),
            headers: section.texts_by_key("headers", found),
            key_env: section.variable("key_env", found),
            dedup_key: section.text("dedup_key", found).or(dedup),
            mapping: mapping(&mut section, found),
            has_mapping: section.has("field_mapping"),
            body: section.take("body").cloned(),
            auto_run: section.boolean("auto_run", found).unwrap_or(true),
            span: section.span,
            name,
        };
        section.take("about");
        if effect.url.is_none() && effect.provider.is_none() {
            section.missing(
                "url",
                "say where it goes: `url: https://…`, or name a CRM: `provider: hubspot`",
                found,
            );
        }
        section.finish(found);
        effect
    }
}

/// `HubSpot: Create/Update Contact`
fn native_type(written: &Spanned<String>) -> (Option<Spanned<String>>, Option<Spanned<String>>) {
    let (vendor, action) = written.value.split_once(':').unwrap_or((&written.value, ""));
    let spanned = |text: String| Spanned::new(text, written.span);
    let provider = spanned(vendor.trim().to_lowercase().replace(' ', "_"));
    let object = action.trim().rsplit(' ').next().filter(|word| !word.is_empty());
    let object = object.map(|word| spanned(format!("{}s", word.to_lowercase().trim_end_matches('s'))));
    (Some(provider), object)
}

fn mapping(section: &mut Section<'_>, found: &mut Found) -> Vec<Mapped> {
    let members = section.nodes_by_key("field_mapping", found);
    members.into_iter().filter_map(|(property, node)| mapped(property, node, found)).collect()
}

/// `email: {Work Email}`, which is a mapping to YAML.
fn single_braces(property: &Spanned<String>, node: &Node) -> Option<TableError> {
    let NodeKind::Mapping(members) = &node.kind else { return None };
    let [(name, value)] = members.as_slice() else { return None };
    let help =
        format!("a reference has two braces and quotes: `{}: \"{{{{{}}}}}\"`", property.value, name.value);
    let what = format!("`{}`", property.value);
    value.is_null().then(|| unfit_or(&what, "text or a template", node, Some(help)))
}

/// `"NEW"`, or `{value: "NEW", on: create}`
fn mapped(property: &Spanned<String>, node: &Node, found: &mut Found) -> Option<Mapped> {
    if let Some(mistake) = single_braces(property, node) {
        found.push(mistake);
        return None;
    }
    if !matches!(node.kind, NodeKind::Mapping(_)) {
        let what = format!("`{}`", property.value);
        text(&what, node, found)?;
        return Some(Mapped { property: property.clone(), value: node.clone(), on_create: false });
    }
    let mut section = Section::of(&format!("`{}`", property.value), node, found);
    let value = section.take("value").cloned();
    if value.is_none() {
        section.missing("value", "say what it is given: `value: \"{{Work Email}}\"`", found);
    }
    let on = section.word("on", &[("create", true), ("always", false)], found);
    section.finish(found);
    Some(Mapped { property: property.clone(), value: value?, on_create: on.unwrap_or(false) })
}
