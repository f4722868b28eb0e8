//! Argon2id, version 0x13, at the costs of a profile: in a browser by `freehold-argon`, everywhere
//! else by the `argon2` crate. Both give the same bytes.
// RFC 9106 §3.

use freehold_wire::Profile;

use crate::error::KeyError;

/// Argon2id without a secret and associated data.
///
/// # Errors
/// [`KeyError::OutOfMemory`].
#[cfg(target_arch = "wasm32")]
pub(crate) fn argon2id(
    profile: Profile,
    password: &[u8],
    salt: &[u8; 32],
    out: &mut [u8; 32],
) -> Result<(), KeyError> {
    let costs = freehold_argon::Costs {
        passes: profile.passes(),
        memory_kib: profile.memory_kib(),
        lanes: profile.lanes(),
    };
    freehold_argon::argon2id(costs, password, salt, out).map_err(|_| KeyError::OutOfMemory)
}

/// Makes ready for the first derivation under the default profile, in a browser a quarter of its
/// time; elsewhere there is nothing to be made ready. Without enough memory nothing is done.
pub fn warm_up() {
    // What it lacks, the derivation will say.
    #[cfg(target_arch = "wasm32")]
    let _ = freehold_argon::warm_up(Profile::DEFAULT.memory_kib());
}

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use native::argon2id;

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use argon2::{Algorithm, Argon2, Block, Params, Version};
    use zeroize::Zeroize;

    use super::{KeyError, Profile};

    pub(crate) fn argon2id(
        profile: Profile,
        password: &[u8],
        salt: &[u8; 32],
        out: &mut [u8; 32],
    ) -> Result<(), KeyError> {
        let costs =
            Params::new(profile.memory_kib(), profile.passes(), profile.lanes(), Some(out.len()))
                .expect("the compiled-in profiles are within Argon2's limits");
        let mut memory = Memory::reserve(costs.block_count())?;
        Argon2::new(Algorithm::Argon2id, Version::V0x13, costs)
            .hash_password_into_with_memory(password, salt, out, &mut memory.0)
            .expect("lengths of password, salt and output are within Argon2's limits");
        Ok(())
    }

    /// Argon2's memory: reserved so that a lack of it is an error, wiped afterwards.
    struct Memory(Vec<Block>);

    impl Memory {
        fn reserve(blocks: usize) -> Result<Self, KeyError> {
            let mut memory = Vec::new();
            memory.try_reserve_exact(blocks).map_err(|_| KeyError::OutOfMemory)?;
            memory.resize(blocks, Block::new());
            Ok(Self(memory))
        }
    }

    impl Drop for Memory {
        fn drop(&mut self) {
            self.0.iter_mut().for_each(Zeroize::zeroize);
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn memory_that_cannot_be_had_is_an_error() {
            assert_eq!(Memory::reserve(usize::MAX / 1024).err(), Some(KeyError::OutOfMemory));
        }
    }
}
