//! The provider files that ship with clayf.

/// Each with its name in messages and its text.
pub const SHIPPED: [(&str, &str); 7] = [
    ("apollo.yaml", include_str!("providers/apollo.yaml")),
    ("hunter.yaml", include_str!("providers/hunter.yaml")),
    ("clearbit.yaml", include_str!("providers/clearbit.yaml")),
    ("people_data_labs.yaml", include_str!("providers/people_data_labs.yaml")),
    ("openai.yaml", include_str!("providers/openai.yaml")),
    ("hubspot.yaml", include_str!("providers/hubspot.yaml")),
    ("salesforce.yaml", include_str!("providers/salesforce.yaml")),
];
