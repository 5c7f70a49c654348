extension CPU {
    /// The number of elements that are not 0; NaN is not 0.
    static func countNonzero(_ input: Block) throws(TensorError) -> Int {
        let dense = try dense(input, .bool)
        let bytes = dense.elements(UInt8.self)
        var count = 0
        for i in 0..<dense.numel { count += bytes[i] != 0 ? 1 : 0 }
        return count
    }

    /// The positions of the elements that are not 0, row-major, into `[count, rank]`.
    static func nonzero(_ input: Block, into output: Block) throws(TensorError) {
        if output.numel == 0 { return }
        let dense = try dense(input, .bool)
        let (bytes, sizes) = (dense.elements(UInt8.self), input.shape)
        let (count, rank) = (output.sizes[0], sizes.count)
        // The flat positions first, one room to spare: written always, kept where true.
        let flat = try Block(scratch: [count + 1], .int64)
        let found = flat.elements(Int64.self)
        var next = 0
        for i in 0..<dense.numel where next < count {
            found[next] = Int64(i)
            next += bytes[i] != 0 ? 1 : 0
        }
        try writing(output, as: .int64) { target in
            let rows = target.elements(Int64.self)
            for r in 0..<count {
                var rest = Int(found[r])
                for d in stride(from: rank - 1, to: 0, by: -1) {
                    rows[r * rank + d] = Int64(rest % sizes[d])
                    rest /= sizes[d]
                }
                rows[r * rank] = Int64(rest)
            }
        }
    }
}
