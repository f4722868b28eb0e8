//! The memory that is filled.

use zeroize::optimization_barrier;

use super::block::Block;
use super::{Costs, OutOfMemory, Position, SLICES, Segment};

/// All blocks in the order in which the first pass makes them: nothing is written before it is
/// made, and growing is refused, not fatal. Wiped when dropped.
pub(super) struct Memory {
    blocks: Vec<Block>,
    lanes: u32,
    segment: u32,
}

impl Memory {
    pub(super) fn reserve(costs: Costs) -> Result<Self, OutOfMemory> {
        let blocks = reserve(costs.blocks())?;
        Ok(Self { blocks, lanes: costs.lanes, segment: costs.segment() })
    }

    pub(super) fn push(&mut self, block: Block) {
        debug_assert!(self.blocks.len() < self.blocks.capacity());
        self.blocks.push(block);
    }

    pub(super) fn push_zeros(&mut self) -> &mut Block {
        debug_assert!(self.blocks.len() < self.blocks.capacity());
        self.blocks.push_mut(Block::ZERO)
    }

    /// The block before one in its lane.
    pub(super) fn before(&self, segment: Segment, within: u32) -> &Block {
        let Segment { slice, lane, .. } = segment;
        self.at(match within.checked_sub(1) {
            Some(within) => Position { slice, lane, within },
            None => {
                let slice = slice.checked_sub(1).unwrap_or(SLICES - 1);
                Position { slice, lane, within: self.segment - 1 }
            }
        })
    }

    pub(super) fn at(&self, position: Position) -> &Block {
        self.blocks.get(self.place(position)).expect(MADE)
    }

    pub(super) fn at_mut(&mut self, position: Position) -> &mut Block {
        let place = self.place(position);
        self.blocks.get_mut(place).expect(MADE)
    }

    /// The last blocks of all lanes, mixed.
    pub(super) fn last_of_lanes(&self) -> Block {
        let mut all = Block::ZERO;
        for lane in 0..self.lanes {
            all.xor_with(self.at(Position { slice: SLICES - 1, lane, within: self.segment - 1 }));
        }
        all
    }

    const fn place(&self, Position { slice, lane, within }: Position) -> usize {
        ((slice * self.lanes + lane) * self.segment + within) as usize
    }
}

fn reserve(blocks: usize) -> Result<Vec<Block>, OutOfMemory> {
    let mut reserved = Vec::new();
    reserved.try_reserve_exact(blocks).map_err(|_| OutOfMemory)?;
    Ok(reserved)
}

const MADE: &str = "Argon2 refers only to blocks that are made";

impl Drop for Memory {
    fn drop(&mut self) {
        self.blocks.fill(Block::ZERO);
        optimization_barrier(self.blocks.as_slice());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_that_cannot_be_had_is_an_error() {
        assert_eq!(reserve(usize::MAX / 1024).err(), Some(OutOfMemory));
    }
}
