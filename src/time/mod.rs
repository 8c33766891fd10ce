//! Moments, calendars, spans and clocks.
