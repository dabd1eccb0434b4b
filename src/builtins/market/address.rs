//! E-mail addresses and domains.

mod host;

use super::words::entries;
use super::{is_placeholder, or_blank, part};
use crate::builtins::registry::{Builtin, Example, Group, Param, Returns, Role, Run};
use crate::types::Type;
use host::{host, root};
use std::collections::HashSet;
use std::ops::Range;
use std::sync::OnceLock;

const EMAIL: Param = Param::required("email", Type::Text, "An e-mail address, with a name around it or not.")
    .role(Role::Subject);
const URL: Param =
    Param::required("url", Type::Text, "A web or e-mail address, or a domain.").role(Role::Subject);

pub(super) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "EMAILDOMAIN",
        aliases: &[],
        group: Group::Market,
        summary: "The domain of an e-mail address, in lower case; Blank if the text is none.",
        params: &[EMAIL],
        returns: Returns::part().or_blank(),
        examples: &[
            Example::new(r#"EMAILDOMAIN("Ada@Example.com")"#, r#""example.com""#),
            Example::new(r#"EMAILDOMAIN("Ada <ada@example.com>")"#, r#""example.com""#),
            Example::new(r#"EMAILDOMAIN("not found")"#, "null"),
            Example::new(r#"EMAILDOMAIN("")"#, "null"),
        ],
        run: Run::Eager(|call| Ok(or_blank(domain_of(&call.text(0)?)))),
    },
    Builtin {
        name: "EMAILUSER",
        aliases: &[],
        group: Group::Market,
        summary: "The part of an e-mail address before the @; Blank if the text is none.",
        params: &[EMAIL],
        returns: Returns::part().or_blank(),
        examples: &[
            Example::new(r#"EMAILUSER("ada.l+x@example.com")"#, r#""ada.l+x""#),
            Example::new(r#"EMAILUSER("<ada@example.com>")"#, r#""ada""#),
            Example::new(r#"EMAILUSER("@example.com")"#, "null"),
        ],
        run: Run::Eager(|call| part(call, |text| email(text).map(|(user, _)| user))),
    },
    Builtin {
        name: "ISEMAIL",
        aliases: &[],
        group: Group::Market,
        summary: "Whether the text has the shape of an e-mail address; nothing is sent or looked up.",
        params: &[Param::required("value", Type::Any, "What is asked about.").role(Role::Subject)],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r#"ISEMAIL("ada@example.com")"#, "true"),
            Example::new(r#"ISEMAIL("ada@example")"#, "false"),
            Example::new(r#"ISEMAIL("Ada <ada@example.com>")"#, "false"),
            Example::new(r#"ISEMAIL("jörg@müller.de")"#, "true"),
            Example::new(r#"ISEMAIL("")"#, "false"),
        ],
        run: Run::Eager(|call| Ok(call.text(0).is_ok_and(|text| plain_email(text.trim()).is_some()).into())),
    },
    Builtin {
        name: "ISFREEMAIL",
        aliases: &[],
        group: Group::Market,
        summary: "Whether an e-mail address or domain is of a provider where anyone can have a mailbox, such as gmail.com.",
        params: &[EMAIL],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r#"ISFREEMAIL("ada@Gmail.com")"#, "true"),
            Example::new(r#"ISFREEMAIL("ada@example.com")"#, "false"),
            Example::new(r#"ISFREEMAIL("web.de")"#, "true"),
            Example::new(r#"ISFREEMAIL("")"#, "false"),
        ],
        run: Run::Eager(|call| {
            let text = call.text(0)?;
            let domain = domain_of(&text).or_else(|| host(&text));
            Ok(domain.is_some_and(|domain| is_free(&domain)).into())
        }),
    },
    Builtin {
        name: "ISWORKEMAIL",
        aliases: &[],
        group: Group::Market,
        summary: "Whether the text is an e-mail address that is not of a free provider and no placeholder such as test@test.com.",
        params: &[Param::required("value", Type::Any, "An e-mail address, with a name around it or not.")
            .role(Role::Subject)],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r#"ISWORKEMAIL("ada@stripe.com")"#, "true"),
            Example::new(r#"ISWORKEMAIL("Ada <ada@stripe.com>")"#, "true"),
            Example::new(r#"ISWORKEMAIL("ada@gmail.com")"#, "false"),
            Example::new(r#"ISWORKEMAIL("test@test.com")"#, "false"),
            Example::new(r#"ISWORKEMAIL("")"#, "false"),
        ],
        run: Run::Eager(|call| {
            let is_work =
                |text: &str| !is_placeholder(text) && domain_of(text).is_some_and(|domain| !is_free(&domain));
            Ok(call.text(0).is_ok_and(|text| is_work(&text)).into())
        }),
    },
    Builtin {
        name: "NORMDOMAIN",
        aliases: &[],
        group: Group::Market,
        summary: "The domain of a web address in lower case, without scheme, www, port and path; Blank if there is none. Letters outside ASCII stay.",
        params: &[URL],
        returns: Returns::normal().or_blank(),
        examples: &[
            Example::new(r#"NORMDOMAIN("https://www.Stripe.com/about?x=1")"#, r#""stripe.com""#),
            Example::new(r#"NORMDOMAIN("user:pw@blog.example.co.uk:8080")"#, r#""blog.example.co.uk""#),
            Example::new(r#"NORMDOMAIN("Müller.de.")"#, r#""müller.de""#),
            Example::new(r#"NORMDOMAIN("not a domain")"#, "null"),
        ],
        run: Run::Eager(|call| Ok(or_blank(host(&call.text(0)?)))),
    },
    Builtin {
        name: "ROOTDOMAIN",
        aliases: &[],
        group: Group::Market,
        summary: "The part of a domain that is registered, by the Public Suffix List; Blank if there is none. Private suffixes count: `ada.github.io` is a domain of its own.",
        params: &[URL],
        returns: Returns::normal().or_blank(),
        examples: &[
            Example::new(r#"ROOTDOMAIN("https://eu.blog.example.co.uk/a")"#, r#""example.co.uk""#),
            Example::new(r#"ROOTDOMAIN("ada@mail.example.com")"#, r#""example.com""#),
            Example::new(r#"ROOTDOMAIN("www.ada.github.io")"#, r#""ada.github.io""#),
            Example::new(r#"ROOTDOMAIN("co.uk")"#, "null"),
        ],
        run: Run::Eager(|call| {
            Ok(or_blank(host(&call.text(0)?).and_then(|host| root(&host).map(str::to_owned))))
        }),
    },
    Builtin {
        name: "DOMAINMATCH",
        aliases: &[],
        group: Group::Market,
        summary: "Whether two addresses have the same registered domain; FALSE if one has none.",
        params: &[EMAIL, URL],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r#"DOMAINMATCH("ada@mail.stripe.com", "https://stripe.com/jobs")"#, "true"),
            Example::new(r#"DOMAINMATCH("ada@gmail.com", "stripe.com")"#, "false"),
            Example::new(r#"DOMAINMATCH("", "")"#, "false"),
        ],
        run: Run::Eager(|call| {
            let (email, url) = (call.text(0)?, call.text(1)?);
            let (email, url) = (domain_of(&email).or_else(|| host(&email)), host(&url));
            let same = email.as_deref().and_then(root).zip(url.as_deref().and_then(root));
            Ok(same.is_some_and(|(one, two)| one == two).into())
        }),
    },
    Builtin {
        name: "LINKEDINSLUG",
        aliases: &[],
        group: Group::Market,
        summary: "The last part of the address of a LinkedIn profile, company or school; Blank if it is none.",
        params: &[URL],
        returns: Returns::part().or_blank(),
        examples: &[
            Example::new(
                r#"LINKEDINSLUG("https://www.linkedin.com/in/Ada-Lovelace/?x=1")"#,
                r#""ada-lovelace""#,
            ),
            Example::new(r#"LINKEDINSLUG("linkedin.com/company/stripe/about")"#, r#""stripe""#),
            Example::new(r#"LINKEDINSLUG("https://example.com/in/ada")"#, "null"),
            Example::new(r#"LINKEDINSLUG("")"#, "null"),
        ],
        run: Run::Eager(|call| Ok(or_blank(linkedin_slug(&call.text(0)?)))),
    },
];

/// The bytes of user and domain, also of an address in angle brackets behind a name.
fn email(text: &str) -> Option<(Range<usize>, Range<usize>)> {
    let (start, inside) = match text.rfind('<').zip(text.rfind('>')) {
        Some((open, close)) if open < close => (open + 1, &text[open + 1..close]),
        _ => (0, text),
    };
    let inside = inside.get(..).unwrap_or_default();
    let start = start + inside.len() - inside.trim_start().len();
    let inside = inside.trim();
    let has_scheme = inside.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    let (start, inside) = if has_scheme { (start + 7, &inside[7..]) } else { (start, inside) };
    let at = plain_email(inside)?;
    Some((start..start + at, start + at + 1..start + inside.len()))
}

/// Where the @ of an address stands, if the text is one.
fn plain_email(text: &str) -> Option<usize> {
    let (user, domain) = text.rsplit_once('@')?;
    let is_user = |next: char| {
        next.is_ascii_alphanumeric()
            || "!#$%&'*+-/=?^_`{|}~.".contains(next)
            || (!next.is_ascii() && !next.is_whitespace())
    };
    let fits = !user.is_empty()
        && user.len() <= 64
        && user.chars().all(is_user)
        && !user.starts_with('.')
        && !user.ends_with('.')
        && !user.contains("..");
    (fits && host::is_domain(domain)).then_some(user.len())
}

fn domain_of(text: &str) -> Option<String> {
    let (_, domain) = email(text)?;
    Some(text[domain].to_lowercase())
}

fn is_free(domain: &str) -> bool {
    static FREE: OnceLock<HashSet<&str>> = OnceLock::new();
    let file = include_str!("../data/free_email.txt");
    FREE.get_or_init(|| entries(file).map(|(_, domain)| domain).collect()).contains(domain)
}

fn linkedin_slug(text: &str) -> Option<String> {
    let domain = host(text)?;
    if domain != "linkedin.com" && !domain.ends_with(".linkedin.com") {
        return None;
    }
    let path = text.split_once("://").map_or(text, |(_, rest)| rest).split(['?', '#']).next()?;
    let mut parts = path.split('/').skip(1).map(str::trim).filter(|part| !part.is_empty());
    let kind = parts.find(|part| matches!(*part, "in" | "pub" | "company" | "school" | "showcase"));
    kind.and(parts.next()).map(str::to_lowercase)
}
