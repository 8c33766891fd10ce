#![cfg_attr(feature = "script", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "script"),
    doc = "Public-message casework, duly handled. The front page is with the feature `script`."
)]

pub mod case;
pub mod desk;
pub mod duty;
#[doc = include_str!("laws.md")]
pub mod laws {}
pub mod plan;
pub mod report;
#[cfg(feature = "script")]
pub mod script;
pub mod time;
#[cfg(feature = "script")]
pub mod trial;
pub mod words;
