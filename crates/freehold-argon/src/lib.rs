//! Argon2id as a browser runs it fastest: version 0x13, 32 bytes out, no secret, no associated
//! data.
//!
//! Words are computed in pairs, in registers of 128 bits; functions are cut so that an engine
//! optimizes them early; nothing is written twice. Natively the `argon2` crate is faster, and it is
//! what this crate is tested against.
// RFC 9106.

mod block;
mod hash;
mod memory;
mod pair;

use block::{Between, Block};
use hash::{Inputs, initial_hash};
use memory::Memory;

/// What a derivation costs.
#[derive(Clone, Copy, Debug)]
pub struct Costs {
    /// t: passes over the memory.
    pub passes: u32,
    /// m, in KiB; at least eight a lane.
    pub memory_kib: u32,
    /// p: lanes, at least one.
    pub lanes: u32,
}

/// The memory cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfMemory;

/// Slices of a lane; lanes meet at their ends.
const SLICES: u32 = 4;

impl Costs {
    /// Blocks of a lane within one slice.
    const fn segment(self) -> u32 {
        self.memory_kib / (SLICES * self.lanes)
    }

    const fn blocks(self) -> usize {
        (self.segment() * SLICES * self.lanes) as usize
    }
}

/// Argon2id of a password and a salt, without a secret and associated data.
///
/// # Errors
/// [`OutOfMemory`].
pub fn argon2id(
    costs: Costs,
    password: &[u8],
    salt: &[u8],
    out: &mut [u8; 32],
) -> Result<(), OutOfMemory> {
    let inputs = Inputs { password, salt, secret: &[], data: &[] };
    fill_and_hash(costs, &inputs, out)
}

/// One pass over `memory_kib` for nothing. Afterwards an engine that optimizes what runs often has
/// done so, and the memory is there.
///
/// # Errors
/// [`OutOfMemory`].
pub fn warm_up(memory_kib: u32) -> Result<(), OutOfMemory> {
    argon2id(Costs { passes: 1, memory_kib, lanes: 4 }, &[], &[0; 16], &mut [0; 32])
}

fn fill_and_hash(costs: Costs, inputs: &Inputs<'_>, out: &mut [u8; 32]) -> Result<(), OutOfMemory> {
    let mut filling = Filling { costs, memory: Memory::reserve(costs)?, between: Between::ZERO };
    let seed = initial_hash(costs, inputs);
    for pass in 0..costs.passes {
        for slice in 0..SLICES {
            for lane in 0..costs.lanes {
                if pass == 0 && slice == 0 {
                    filling.memory.push(hash::first_block(&seed, 0, lane));
                    filling.memory.push(hash::first_block(&seed, 1, lane));
                }
                filling.fill(Segment { pass, slice, lane });
            }
        }
    }
    hash::finish(&filling.memory.last_of_lanes(), out);
    Ok(())
}

/// Where a run of blocks stands.
#[derive(Clone, Copy)]
struct Segment {
    pass: u32,
    slice: u32,
    lane: u32,
}

impl Segment {
    /// Whether blocks are chosen by numbers that no password goes into.
    const fn is_independent(self) -> bool {
        self.pass == 0 && self.slice < SLICES / 2
    }
}

struct Filling {
    costs: Costs,
    memory: Memory,
    between: Between,
}

impl Filling {
    fn fill(&mut self, segment: Segment) {
        let first = if segment.pass == 0 && segment.slice == 0 { 2 } else { 0 };
        let mut addresses = Addresses::new(self.costs, segment);
        for within in first..self.costs.segment() {
            if segment.is_independent() && (within == first || within.is_multiple_of(128)) {
                addresses.next(&mut self.between);
            }
            self.step(segment, within, &addresses.block);
        }
    }

    /// Makes one block.
    // Never inlined: see `Between::begin`.
    #[inline(never)]
    fn step(&mut self, segment: Segment, within: u32, addresses: &Block) {
        let previous = self.memory.before(segment, within);
        let chosen = if segment.is_independent() {
            addresses.word((within % 128) as usize)
        } else {
            previous.word(0)
        };
        let reference = self.memory.at(reference(self.costs, segment, within, chosen));
        self.between.begin(previous, reference);
        if segment.pass == 0 {
            self.between.end_into(self.memory.push_zeros());
        } else {
            let at = Position { slice: segment.slice, lane: segment.lane, within };
            self.between.end_onto(self.memory.at_mut(at));
        }
    }
}

/// Where a block stands.
#[derive(Clone, Copy)]
struct Position {
    slice: u32,
    lane: u32,
    within: u32,
}

/// The block that a random number chooses for the one at `within`.
// RFC 9106 §3.4.2.
fn reference(costs: Costs, segment: Segment, within: u32, chosen: u64) -> Position {
    let length = costs.segment();
    let Segment { pass, slice, lane } = segment;
    let first = pass == 0 && slice == 0;
    let (low, high) = (chosen & u64::from(u32::MAX), (chosen >> 32) as u32);
    let from = if first { lane } else { high % costs.lanes };
    // The finished blocks: of this lane also those of this segment, without the one before; of
    // another lane the last one is not used for a first block.
    let finished = length * if pass == 0 { slice } else { SLICES - 1 };
    let area = if from == lane { finished + within - 1 } else { finished - u32::from(within == 0) };
    let squared = (low * low) >> 32;
    let back = ((u64::from(area) * squared) >> 32) as u32;
    let start = if pass != 0 && slice != SLICES - 1 { (slice + 1) * length } else { 0 };
    let at = (start + (area - 1 - back)) % (SLICES * length);
    Position { slice: at / length, lane: from, within: at % length }
}

/// The numbers that choose blocks in the first half of the first pass.
// RFC 9106 §3.4.1.2.
struct Addresses {
    input: [u64; 8],
    block: Block,
}

impl Addresses {
    fn new(costs: Costs, Segment { pass, slice, lane }: Segment) -> Self {
        const ARGON2ID: u64 = 2;
        let blocks = costs.blocks() as u64;
        let [pass, slice, lane, passes] = [pass, slice, lane, costs.passes].map(u64::from);
        Self { input: [pass, lane, slice, blocks, passes, ARGON2ID, 0, 0], block: Block::ZERO }
    }

    /// The next 128 numbers.
    fn next(&mut self, between: &mut Between) {
        let [.., counter, _] = &mut self.input;
        *counter += 1;
        between.begin(&Block::ZERO, &Block::of(self.input));
        between.end_into(&mut self.block);
        between.begin(&Block::ZERO, &self.block);
        between.end_into(&mut self.block);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_rfc_s_own_example_comes_out() {
        // RFC 9106 §5.3.
        let inputs = Inputs { password: &[1; 32], salt: &[2; 16], secret: &[3; 8], data: &[4; 12] };
        let costs = Costs { passes: 3, memory_kib: 32, lanes: 4 };
        let expected = [
            0x0d, 0x64, 0x0d, 0xf5, 0x8d, 0x78, 0x76, 0x6c, 0x08, 0xc0, 0x37, 0xa3, 0x4a, 0x8b,
            0x53, 0xc9, 0xd0, 0x1e, 0xf0, 0x45, 0x2d, 0x75, 0xb6, 0x5e, 0xb5, 0x25, 0x20, 0xe9,
            0x6b, 0x01, 0xe6, 0x59,
        ];
        let mut out = [0; 32];
        fill_and_hash(costs, &inputs, &mut out).unwrap();
        assert_eq!(out, expected);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn every_cost_and_input_gives_what_the_reference_gives(
            passes in 1u32..5,
            lanes in 1u32..6,
            per_lane in 8u32..400,
            more in 0u32..8,
            password in proptest::collection::vec(any::<u8>(), 0..300),
            salt in proptest::collection::vec(any::<u8>(), 8..70),
        ) {
            let costs = Costs { passes, memory_kib: per_lane * lanes + more, lanes };
            let (mut out, mut expected) = ([0; 32], [1; 32]);
            argon2id(costs, &password, &salt, &mut out).unwrap();
            argon2::Argon2::new(
                argon2::Algorithm::Argon2id,
                argon2::Version::V0x13,
                argon2::Params::new(costs.memory_kib, passes, lanes, Some(32)).unwrap(),
            )
            .hash_password_into(&password, &salt, &mut expected)
            .unwrap();
            prop_assert_eq!(out, expected);
        }
    }
}
