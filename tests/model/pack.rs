//! The packs of the model: each stands beside this file in the language of rules, and here a second time, as the model reads it.

use duly::plan::{Plan, Plans};
use duly::script::load;

use crate::limit::Length::{self, CalendarDays, Hours, OfficeHours, WorkingDays};

/// The clocks that the model keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Screen,
    Assign,
    Sign,
    Object,
    Rule,
    Reply,
    Update,
    Review,
    Redo,
    CallBack,
    Rating,
    Recheck,
    Track,
    Whole,
}

/// Whose time it is that clocks wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Citizen,
    Statute,
    Office,
}

/// What a reply that is asked for anew has: all of its time, what was left, or the shorter of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    Fresh,
    Continues,
    Shorter,
}

/// When a rung comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    Before(Length),
    Share(i64),
    Due,
    After(Length),
}

/// One rung of a ladder: what it is called, when it comes, and whether it hands the case to supervision.
#[derive(Debug, Clone, Copy)]
pub struct Rung {
    pub key: &'static str,
    pub when: When,
    pub supervises: bool,
}

const fn rung(key: &'static str, when: When) -> Rung {
    Rung {
        key,
        when,
        supervises: false,
    }
}

const fn supervises(key: &'static str, when: When) -> Rung {
    Rung {
        key,
        when,
        supervises: true,
    }
}

/// A reason to wait: how long at most, how often, and for which clocks alone, if it says.
#[derive(Debug, Clone, Copy)]
pub struct Wait {
    pub reason: &'static str,
    pub side: Side,
    pub most: Length,
    pub times: usize,
    pub holds: &'static [Kind],
}

/// An extension: by whom it is granted, how often, by how much at most, and whether the citizen must have been told.
#[derive(Debug, Clone, Copy)]
pub struct Extension {
    pub leader: bool,
    pub times: usize,
    pub most: Length,
    pub until_hour: Option<i64>,
    pub told: bool,
}

/// What a pack says, as far as the model reads it.
#[derive(Debug, Clone, Copy)]
pub struct Pack {
    pub name: &'static str,
    source: &'static str,
    /// How long, and for a question, where that is another.
    pub limit: fn(Kind, bool) -> Option<Length>,
    pub rungs: fn(Kind) -> &'static [Rung],
    pub waits: &'static [Wait],
    pub extension: fn(Kind) -> Option<Extension>,
    /// The limit of the reply runs until the answer has gone out.
    pub until_published: bool,
    /// A redo is due no later than the whole.
    pub not_past_whole: bool,
    /// The time runs anew once the citizen has completed the message.
    pub restarts: bool,
    pub again: Again,
    /// At which return the case is handed to supervision.
    pub returns: Option<u32>,
    pub attempts: usize,
    pub rate_within: Length,
    pub overdue_every: i64,
    /// Nobody is reminded from 21 until 8.
    pub quiet: bool,
}

/// The reason for which clocks wait while the citizen is asked to complete a message.
pub const SUPPLEMENT: usize = 0;

pub const PACKS: [Pack; 3] = [DAYS, DATES, HOURS];

const DAYS: Pack = Pack {
    name: "days.rhai",
    source: include_str!("days.rhai"),
    limit: |kind, question| {
        Some(match kind {
            Kind::Screen | Kind::Assign | Kind::Sign | Kind::Rule => WorkingDays(1),
            Kind::Object | Kind::Review => WorkingDays(2),
            Kind::Reply => WorkingDays(if question { 5 } else { 10 }),
            Kind::Update => return None,
            Kind::Redo | Kind::Track => WorkingDays(5),
            Kind::CallBack | Kind::Recheck => WorkingDays(3),
            Kind::Rating => CalendarDays(10),
            Kind::Whole => CalendarDays(60),
        })
    },
    rungs: |kind| match kind {
        Kind::Reply => {
            const {
                &[
                    rung("before-1", When::Before(WorkingDays(1))),
                    rung("due", When::Due),
                    supervises("after-2", When::After(WorkingDays(2))),
                ]
            }
        }
        Kind::Review => const { &[supervises("due", When::Due)] },
        Kind::Redo => {
            const {
                &[
                    rung("before-1", When::Before(WorkingDays(1))),
                    rung("due", When::Due),
                ]
            }
        }
        Kind::Track => const { &[rung("due", When::Due)] },
        Kind::Whole => const { &[rung("share-80", When::Share(80)), rung("due", When::Due)] },
        _ => &[],
    },
    waits: &[
        Wait {
            reason: "补正",
            side: Side::Citizen,
            most: WorkingDays(10),
            times: 1,
            holds: &[],
        },
        Wait {
            reason: "citizen",
            side: Side::Citizen,
            most: WorkingDays(10),
            times: 2,
            holds: &[],
        },
        Wait {
            reason: "experts",
            side: Side::Statute,
            most: CalendarDays(30),
            times: 2,
            holds: &[],
        },
        Wait {
            reason: "parts",
            side: Side::Office,
            most: WorkingDays(5),
            times: 2,
            holds: &[Kind::Reply],
        },
    ],
    extension: |kind| match kind {
        Kind::Reply => Some(Extension {
            leader: false,
            times: 1,
            most: WorkingDays(5),
            until_hour: Some(17),
            told: true,
        }),
        Kind::Redo => Some(Extension {
            leader: false,
            times: 1,
            most: WorkingDays(3),
            until_hour: None,
            told: false,
        }),
        _ => None,
    },
    until_published: false,
    not_past_whole: true,
    restarts: true,
    again: Again::Fresh,
    returns: Some(2),
    attempts: 2,
    rate_within: CalendarDays(20),
    overdue_every: 3,
    quiet: false,
};

const DATES: Pack = Pack {
    name: "dates.rhai",
    source: include_str!("dates.rhai"),
    limit: |kind, question| {
        Some(match kind {
            Kind::Sign => Hours(24),
            Kind::Screen | Kind::Assign | Kind::Rule => CalendarDays(2),
            Kind::Object | Kind::Review => CalendarDays(3),
            Kind::Reply => CalendarDays(if question { 10 } else { 20 }),
            Kind::Update | Kind::Track => CalendarDays(7),
            Kind::Redo => CalendarDays(10),
            Kind::CallBack | Kind::Recheck => CalendarDays(5),
            Kind::Rating => CalendarDays(15),
            Kind::Whole => CalendarDays(45),
        })
    },
    rungs: |kind| match kind {
        Kind::Reply => {
            const {
                &[
                    rung("before-2-calendar-days", When::Before(CalendarDays(2))),
                    rung("due", When::Due),
                    rung("after-3-calendar-days", When::After(CalendarDays(3))),
                ]
            }
        }
        Kind::Update => const { &[rung("due", When::Due)] },
        Kind::Redo => const { &[rung("share-50", When::Share(50)), rung("due", When::Due)] },
        Kind::Whole => {
            const {
                &[
                    rung("before-5-calendar-days", When::Before(CalendarDays(5))),
                    rung("due", When::Due),
                ]
            }
        }
        _ => &[],
    },
    waits: &[
        Wait {
            reason: "补正",
            side: Side::Citizen,
            most: CalendarDays(15),
            times: 2,
            holds: &[],
        },
        Wait {
            reason: "citizen",
            side: Side::Citizen,
            most: CalendarDays(15),
            times: 2,
            holds: &[],
        },
        Wait {
            reason: "experts",
            side: Side::Statute,
            most: CalendarDays(20),
            times: 2,
            holds: &[],
        },
        Wait {
            reason: "parts",
            side: Side::Office,
            most: CalendarDays(10),
            times: 2,
            holds: &[],
        },
    ],
    extension: |kind| {
        (kind == Kind::Reply).then_some(Extension {
            leader: true,
            times: 2,
            most: CalendarDays(7),
            until_hour: None,
            told: false,
        })
    },
    until_published: true,
    not_past_whole: false,
    restarts: false,
    again: Again::Continues,
    returns: None,
    attempts: 3,
    rate_within: CalendarDays(30),
    overdue_every: 5,
    quiet: false,
};

const HOURS: Pack = Pack {
    name: "hours.rhai",
    source: include_str!("hours.rhai"),
    limit: |kind, question| {
        Some(match kind {
            Kind::Screen | Kind::Assign => OfficeHours(4),
            Kind::Sign => OfficeHours(2),
            Kind::Object | Kind::Rule | Kind::Review => OfficeHours(7),
            Kind::Reply => OfficeHours(if question { 14 } else { 21 }),
            Kind::Update => return None,
            Kind::Redo | Kind::Recheck => OfficeHours(14),
            Kind::CallBack => Hours(36),
            Kind::Rating => Hours(72),
            Kind::Track => Hours(48),
            Kind::Whole => WorkingDays(30),
        })
    },
    rungs: |kind| match kind {
        Kind::Reply => {
            const {
                &[
                    rung("before-4-working-hours", When::Before(OfficeHours(4))),
                    rung("due", When::Due),
                    supervises("after-7-working-hours", When::After(OfficeHours(7))),
                ]
            }
        }
        Kind::Redo => const { &[rung("share-75", When::Share(75)), rung("due", When::Due)] },
        Kind::CallBack => const { &[rung("due", When::Due)] },
        Kind::Track => {
            const {
                &[
                    rung("before-6-hours", When::Before(Hours(6))),
                    rung("due", When::Due),
                ]
            }
        }
        Kind::Whole => {
            const {
                &[
                    rung("share-50", When::Share(50)),
                    rung("before-2", When::Before(WorkingDays(2))),
                    rung("due", When::Due),
                ]
            }
        }
        _ => &[],
    },
    waits: &[
        Wait {
            reason: "补正",
            side: Side::Citizen,
            most: WorkingDays(3),
            times: 1,
            holds: &[],
        },
        Wait {
            reason: "citizen",
            side: Side::Citizen,
            most: OfficeHours(14),
            times: 2,
            holds: &[],
        },
        Wait {
            reason: "experts",
            side: Side::Statute,
            most: Hours(120),
            times: 2,
            holds: &[Kind::Reply, Kind::Whole],
        },
        Wait {
            reason: "parts",
            side: Side::Office,
            most: OfficeHours(7),
            times: 2,
            holds: &[],
        },
    ],
    extension: |kind| {
        (kind == Kind::Reply).then_some(Extension {
            leader: false,
            times: 2,
            most: OfficeHours(14),
            until_hour: None,
            told: true,
        })
    },
    until_published: false,
    not_past_whole: false,
    restarts: true,
    again: Again::Shorter,
    returns: Some(3),
    attempts: 2,
    rate_within: Hours(240),
    overdue_every: 2,
    quiet: true,
};

impl Pack {
    /// The pack as the machine reads it.
    pub fn plans(&self) -> Plans {
        let mut plans = Plans::new("board".parse().unwrap());
        plans.take(self.plan()).unwrap();
        plans
    }
    fn plan(&self) -> Plan {
        load(self.name, self.source).unwrap_or_else(|found| panic!("{found}"))
    }
}
