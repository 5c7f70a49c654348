// Sorting by keys: every number becomes 64 bits whose unsigned order is the order wanted, so that
// one sort by digits serves all dtypes and both directions, and equal numbers keep their order.

extension CPU {
    /// Sorts each line along `dim`: values and the positions they came from. Equal elements keep
    /// their order; NaN counts as the largest. Only the first `count` of each line are written.
    static func sort(
        _ input: Block, dim: Int, descending: Bool, first count: Int? = nil, values: Block,
        positions: Block
    ) throws(TensorError) {
        if values.numel == 0 { return }
        let dtype = input.dtype.isFloatingPoint ? input.dtype.computeType : .int64
        let dense = try dense(input, dtype)
        let staged = try Block(scratch: values.sizes, dtype)
        try TensorMemory.checkList(
            of: KeyedPosition.self, 2 * rows(dense.sizes, dim).reduce, for: dense.sizes)
        try writing(positions, as: .int64) { index in
            let p = index.elements(Int64.self)
            let lines = SortLines(
                sizes: dense.sizes, dim: dim, kept: count, flip: descending ? .max : 0)
            switch dtype {
            case .float32: lines.sort(dense.elements(Float.self), staged.elements(), p)
            case .float64: lines.sort(dense.elements(Double.self), staged.elements(), p)
            default: lines.sort(dense.elements(Int64.self), staged.elements(), p)
            }
        }
        try copy(staged, into: values)
    }
}

/// A number that has a place among 64-bit keys.
private protocol SortKey {
    /// Unsigned keys are ordered as the numbers are.
    var sortKey: UInt64 { get }
}

extension Float: SortKey {
    var sortKey: UInt64 {
        if isNaN { return UInt64(UInt32.max) }
        // Adding 0 makes -0 equal to 0.
        let bits = (self + 0).bitPattern
        return UInt64(bits >> 31 == 0 ? bits | 1 << 31 : ~bits)
    }
}

extension Double: SortKey {
    var sortKey: UInt64 {
        if isNaN { return .max }
        let bits = (self + 0).bitPattern
        return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
    }
}

extension Int64: SortKey {
    var sortKey: UInt64 { UInt64(bitPattern: self) ^ 1 << 63 }
}

/// The lines of an array along one dimension, and what sorting them keeps.
private struct SortLines {
    let sizes: Dims
    let dim: Int
    let kept: Int?
    /// All ones to sort from the largest.
    let flip: UInt64

    @inline(__always)
    func sort<T: SortKey>(
        _ x: UnsafeMutablePointer<T>, _ y: UnsafeMutablePointer<T>,
        _ positions: UnsafeMutablePointer<Int64>
    ) {
        let (_, length, inner) = CPU.rows(sizes, dim)
        let kept = kept ?? length
        CPU.columns(sizes, dim, false) { start, step, count in
            withUnsafeTemporaryAllocation(of: KeyedPosition.self, capacity: 2 * count) { buffer in
                let pairs = buffer.baseAddress!
                for r in 0..<count {
                    (pairs + r).initialize(
                        to: KeyedPosition(key: x[start + r * step].sortKey ^ flip, position: r))
                }
                let sorted = KeyedPosition.sort(pairs, pairs + count, count, kept)
                let target = start / (length * inner) * kept * inner + start % inner
                for r in 0..<kept {
                    let position = sorted[r].position
                    y[target + r * inner] = x[start + position * step]
                    positions[target + r * inner] = Int64(position)
                }
            }
        }
    }
}

/// A key and where it came from.
private struct KeyedPosition: Comparable {
    var key: UInt64
    var position: Int

    static func < (a: KeyedPosition, b: KeyedPosition) -> Bool {
        a.key != b.key ? a.key < b.key : a.position < b.position
    }

    /// Sorts `count` pairs, of which the first `kept` are wanted; the other memory is scratch.
    /// Returns where they are.
    static func sort(
        _ pairs: UnsafeMutablePointer<KeyedPosition>, _ other: UnsafeMutablePointer<KeyedPosition>,
        _ count: Int, _ kept: Int
    ) -> UnsafeMutablePointer<KeyedPosition> {
        if kept <= 16 && kept * 4 <= count { return few(pairs, other, count, kept) }
        // Below this a sort by comparisons costs less than the digits' tables.
        if count < 200 {
            var line = UnsafeMutableBufferPointer(start: pairs, count: count)
            line.sort()
            return pairs
        }
        return byDigits(pairs, other, count)
    }

    /// A few of many: one pass with a short sorted list, at the start of the scratch memory.
    private static func few(
        _ pairs: UnsafeMutablePointer<KeyedPosition>, _ best: UnsafeMutablePointer<KeyedPosition>,
        _ count: Int, _ kept: Int
    ) -> UnsafeMutablePointer<KeyedPosition> {
        var held = 0
        for i in 0..<count {
            let pair = pairs[i]
            if held == kept, kept == 0 || pair.key >= best[kept - 1].key { continue }
            var place = held == kept ? kept - 1 : held
            while place > 0, pair.key < best[place - 1].key {
                best[place] = best[place - 1]
                place -= 1
            }
            best[place] = pair
            if held < kept { held += 1 }
        }
        return best
    }

    /// By bytes of the key, from the lowest; bytes that all keys share are skipped.
    private static func byDigits(
        _ pairs: UnsafeMutablePointer<KeyedPosition>, _ other: UnsafeMutablePointer<KeyedPosition>,
        _ count: Int
    ) -> UnsafeMutablePointer<KeyedPosition> {
        var (from, to) = (pairs, other)
        return withUnsafeTemporaryAllocation(of: Int.self, capacity: 8 * 256) { tables in
            tables.initialize(repeating: 0)
            for i in 0..<count {
                var key = from[i].key
                for digit in 0..<8 {
                    tables[digit * 256 + Int(key & 255)] += 1
                    key >>= 8
                }
            }
            for digit in 0..<8 {
                let table = tables.baseAddress! + digit * 256
                let shift = UInt64(8 * digit)
                if table[Int(from[0].key >> shift & 255)] == count { continue }
                var place = 0
                for value in 0..<256 {
                    (place, table[value]) = (place + table[value], place)
                }
                for i in 0..<count {
                    let value = Int(from[i].key >> shift & 255)
                    to[table[value]] = from[i]
                    table[value] += 1
                }
                swap(&from, &to)
            }
            return from
        }
    }
}
