import CAdjoint

/// A question about one floating-point number, for `CPU.test`.
public protocol FloatTest: Sendable {
    /// The answer for `x`.
    func test<T: Real>(_ x: T) -> Bool
    /// The answer for every whole number and boolean.
    var wholeAnswer: Bool { get }
}

extension CPU {
    /// output = the answer of `op` for each element: 0 or 1.
    static func test<Op: FloatTest>(_ op: Op, _ input: Block, into output: Block)
        throws(TensorError)
    {
        switch input.dtype.computeType {
        case .float32: try test(op, dense(input, .float32), Float.self, output)
        case .float64: try test(op, dense(input, .float64), Double.self, output)
        default: fill(output, .bool(op.wholeAnswer))
        }
    }

    @inline(__always)
    private static func test<Op: FloatTest, T: Real>(
        _ op: Op, _ input: Block, _: T.Type, _ output: Block
    ) throws(TensorError) {
        try writing(output, as: .bool) { target in
            let (x, y) = (input.elements(T.self), target.elements(UInt8.self))
            parallel(target.numel) { begin, end in
                for i in begin..<end { y[i] = op.test(x[i]) ? 1 : 0 }
            }
        }
    }

    /// output = condition ? a : b, element by element, broadcast; `a` and `b` are converted.
    static func select(_ condition: Block, _ a: Block, _ b: Block, into output: Block)
        throws(TensorError)
    {
        if output.numel == 0 { return }
        let dtype = output.dtype, size = dtype.itemSize
        try writing(output, as: dtype) { (target) throws(TensorError) in
            try withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2) {
                (numbers) throws(TensorError) in
                let (held, c, sc) = try row(condition, .bool, target, numbers.baseAddress!)
                let (heldA, p, sp) = try row(a, dtype, target, numbers.baseAddress!)
                let (heldB, q, sq) = try row(b, dtype, target, numbers.baseAddress! + 1)
                let y = target.pointer!
                parallel(target.numel) { i, end in
                    let c = (c + i * sc).assumingMemoryBound(to: UInt8.self)
                    let (p, q, y) = (p + i * sp * size, q + i * sq * size, y + i * size)
                    switch size {
                    case 1: adj_where_8(c, sc, p, sp, q, sq, y, 1, end - i)
                    case 2: adj_where_16(c, sc, p, sp, q, sq, y, 1, end - i)
                    case 4: adj_where_32(c, sc, p, sp, q, sq, y, 1, end - i)
                    default: adj_where_64(c, sc, p, sp, q, sq, y, 1, end - i)
                    }
                }
                withExtendedLifetime((held, heldA, heldB)) {}
            }
        }
    }

    /// `block` as one row of `dtype` over the elements of `target`, what holds its memory, and its
    /// step: 0 for a single number, which is written to `scratch` where it has to be converted.
    private static func row(
        _ block: Block, _ dtype: DType, _ target: Block, _ scratch: UnsafeMutableRawPointer
    ) throws(TensorError) -> (Block, UnsafeMutableRawPointer, Int) {
        if let step = step(block, dtype, target) {
            if block.dtype == dtype { return (block, block.pointer!, step) }
            encode(decode(block.dtype, block.pointer!), dtype, scratch)
            return (block, scratch, step)
        }
        if block.sizes == target.sizes {
            let dense = try dense(block, dtype)
            return (dense, dense.pointer!, 1)
        }
        let spread = try Block(scratch: target.sizes, dtype)
        try copy(block, into: spread)
        return (spread, spread.pointer!, 1)
    }
}
