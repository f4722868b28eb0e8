//! Where BLAKE2b comes in: at the beginning and at the end.
// RFC 9106 §3.2, §3.3.

use blake2::digest::{FixedOutput as _, Update as _};
use blake2::{Blake2b256, Blake2b512};
use zeroize::Zeroizing;

use super::Costs;
use super::block::Block;

pub(super) struct Inputs<'a> {
    pub(super) password: &'a [u8],
    pub(super) salt: &'a [u8],
    pub(super) secret: &'a [u8],
    pub(super) data: &'a [u8],
}

type Hash = Zeroizing<[u8; 64]>;

const VERSION: u32 = 0x13;
const ARGON2ID: u32 = 2;
const OUT_BYTES: u32 = 32;

/// `H_0`.
pub(super) fn initial_hash(costs: Costs, inputs: &Inputs<'_>) -> Hash {
    let Costs { passes, memory_kib, lanes } = costs;
    let mut hasher = Blake2b512::default();
    for number in [lanes, OUT_BYTES, memory_kib, passes, VERSION, ARGON2ID] {
        hasher.update(&number.to_le_bytes());
    }
    for input in [inputs.password, inputs.salt, inputs.secret, inputs.data] {
        let length = u32::try_from(input.len()).expect("an input has less than 4 GiB");
        hasher.update(&length.to_le_bytes());
        hasher.update(input);
    }
    Zeroizing::new(hasher.finalize_fixed().into())
}

/// `H'^(1024)(H_0 | number | lane)`, one of the first two blocks of a lane.
pub(super) fn first_block(seed: &Hash, number: u32, lane: u32) -> Block {
    let mut bytes = Zeroizing::new([0; Block::BYTES]);
    let (halves, _) = bytes.as_chunks_mut::<32>();
    let mut hasher = Blake2b512::default();
    hasher.update(&(Block::BYTES as u32).to_le_bytes());
    hasher.update(seed.as_slice());
    hasher.update(&number.to_le_bytes());
    hasher.update(&lane.to_le_bytes());
    let mut hash: Hash = Zeroizing::new(hasher.finalize_fixed().into());
    // The first half of every hash, and of the last one both.
    let last = halves.len() - 2;
    for (at, half) in halves.iter_mut().enumerate() {
        if at > 0 && at <= last {
            let mut hasher = Blake2b512::default();
            hasher.update(hash.as_slice());
            hash = Zeroizing::new(hasher.finalize_fixed().into());
        }
        let (first, second) = hash.split_at(32);
        half.copy_from_slice(if at > last { second } else { first });
    }
    Block::from_bytes(&bytes)
}

/// `H'^(32)` of the last block.
pub(super) fn finish(block: &Block, out: &mut [u8; 32]) {
    let mut bytes = Zeroizing::new([0; Block::BYTES]);
    block.write_to(&mut bytes);
    let mut hasher = Blake2b256::default();
    hasher.update(&OUT_BYTES.to_le_bytes());
    hasher.update(bytes.as_slice());
    hasher.finalize_into(out.into());
}
