/// How elements that meet at one place become one.
enum Meeting: Sendable {
    case product, largest, smallest
}

extension CPU {
    /// Combines source[o, j, i] with output[o, index[o, j, i], i], in the order of j. Where the
    /// output's own elements do not count, those at the positions are replaced. NaN stays NaN.
    static func scatter(
        _ meeting: Meeting, _ source: Block, _ index: Block, _ shape: GatherShape,
        countsOutput: Bool, into output: Block
    ) throws(TensorError) {
        if source.numel == 0 { return }
        let dtype = output.dtype.isFloatingPoint ? output.dtype.computeType : .int64
        let dense = try dense(source, dtype)
        try updating(output, as: dtype) { target in
            switch dtype {
            case .float32:
                meet(meeting, dense, index, shape, countsOutput, target, Float.infinity)
            case .float64:
                meet(meeting, dense, index, shape, countsOutput, target, Double.infinity)
            default:
                let (x, p) = (dense.elements(Int64.self), index.elements(Int64.self))
                let y = target.elements(Int64.self)
                switch meeting {
                case .product: meet(x, p, y, shape, countsOutput ? nil : 1) { $0 &* $1 }
                case .largest: meet(x, p, y, shape, countsOutput ? nil : .min, Swift.max)
                case .smallest: meet(x, p, y, shape, countsOutput ? nil : .max, Swift.min)
                }
            }
        }
    }

    private static func meet<T: BinaryFloatingPoint>(
        _ meeting: Meeting, _ source: Block, _ index: Block, _ shape: GatherShape,
        _ countsOutput: Bool, _ target: Block, _ infinity: T
    ) {
        let (x, p) = (source.elements(T.self), index.elements(Int64.self))
        let y = target.elements(T.self)
        switch meeting {
        case .product:
            meet(x, p, y, shape, countsOutput ? nil : 1) { $0 * $1 }
        case .largest:
            meet(x, p, y, shape, countsOutput ? nil : -infinity) { $0 >= $1 || $0 != $0 ? $0 : $1 }
        case .smallest:
            meet(x, p, y, shape, countsOutput ? nil : infinity) { $0 <= $1 || $0 != $0 ? $0 : $1 }
        }
    }

    /// - Parameter start: What stands at the positions before, unless the elements that are there.
    @inline(__always)
    private static func meet<T>(
        _ x: UnsafeMutablePointer<T>, _ p: UnsafeMutablePointer<Int64>,
        _ y: UnsafeMutablePointer<T>,
        _ shape: GatherShape, _ start: T?, _ combine: (T, T) -> T
    ) {
        for isFirst in start == nil ? [false] : [true, false] {
            var from = 0
            for o in 0..<shape.outer {
                for _ in 0..<shape.count {
                    for i in 0..<shape.inner {
                        let to = (o * shape.size + Int(p[from])) * shape.inner + i
                        y[to] = isFirst ? start! : combine(y[to], x[from])
                        from += 1
                    }
                }
            }
        }
    }
}
