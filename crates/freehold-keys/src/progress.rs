//! How far a long operation has come.

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Hashing the password: nearly all of the time.
    Derive,
    /// Making keys.
    Make,
    /// Sealing them.
    Seal,
    /// Opening everything again.
    Check,
}

impl Step {
    /// The step's stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Derive => "derive",
            Self::Make => "make",
            Self::Seal => "seal",
            Self::Check => "check",
        }
    }
}

/// Is told the step that begins and the part of the whole, 0 to 1, that lies behind it.
pub type Progress<'a> = &'a mut dyn FnMut(Step, f32);
