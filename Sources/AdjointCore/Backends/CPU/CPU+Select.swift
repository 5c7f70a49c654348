import CAdjoint

/// A question about one floating-point number, for `CPU.test`.
public protocol FloatTest: Sendable {
    func test<T: Real>(_ x: T) -> Bool
    /// The answer for every whole number and boolean.
    var wholeAnswer: Bool { get }
}

extension CPU {
    /// output = the answer of `op` for each element: 0 or 1.
    static func test<Op: FloatTest>(_ op: Op, _ input: Block, into output: Block) {
        switch input.dtype.computeType {
        case .float32: test(op, dense(input, .float32), Float.self, output)
        case .float64: test(op, dense(input, .float64), Double.self, output)
        default: fill(output, .bool(op.wholeAnswer))
        }
    }

    @inline(__always)
    private static func test<Op: FloatTest, T: Real>(
        _ op: Op, _ input: Block, _: T.Type, _ output: Block
    ) {
        writing(output, as: .bool) { target in
            let (x, y) = (input.elements(T.self), target.elements(UInt8.self))
            parallel(target.numel) { begin, end in
                for i in begin..<end { y[i] = op.test(x[i]) ? 1 : 0 }
            }
        }
    }

    /// output = condition ? a : b, element by element, broadcast; `a` and `b` are converted.
    static func select(_ condition: Block, _ a: Block, _ b: Block, into output: Block) {
        if output.numel == 0 { return }
        let (c, sc) = flat(condition, .bool, output.sizes)
        let (p, sp) = flat(a, output.dtype, output.sizes)
        let (q, sq) = flat(b, output.dtype, output.sizes)
        let size = output.dtype.itemSize
        writing(output, as: output.dtype) { target in
            let (c, p, q) = (c.elements(UInt8.self), p.pointer!, q.pointer!)
            let y = target.pointer!
            parallel(target.numel) { i, end in
                let (p, q, y) = (p + i * sp * size, q + i * sq * size, y + i * size)
                switch size {
                case 1: adj_where_8(c + i * sc, sc, p, sp, q, sq, y, 1, end - i)
                case 2: adj_where_16(c + i * sc, sc, p, sp, q, sq, y, 1, end - i)
                case 4: adj_where_32(c + i * sc, sc, p, sp, q, sq, y, 1, end - i)
                default: adj_where_64(c + i * sc, sc, p, sp, q, sq, y, 1, end - i)
                }
            }
        }
    }

    /// `block` as one row of `dtype` over the elements of `sizes`, and its step: 0 for one element.
    private static func flat(_ block: Block, _ dtype: DType, _ sizes: Dims) -> (Block, Int) {
        if block.numel == 1 { return (dense(block, dtype), 0) }
        if block.sizes == sizes { return (dense(block, dtype), 1) }
        let spread = Block(empty: sizes, dtype)
        copy(block, into: spread)
        return (spread, 1)
    }
}
