extension CPU {
    /// The number of elements that are not 0; NaN is not 0.
    static func countNonzero(_ input: Block) -> Int {
        let dense = dense(input, .bool)
        let bytes = dense.elements(UInt8.self)
        var count = 0
        for i in 0..<dense.numel where bytes[i] != 0 { count += 1 }
        return count
    }

    /// The positions of the elements that are not 0, row-major, into `[count, rank]`.
    static func nonzero(_ input: Block, into output: Block) {
        if output.numel == 0 { return }
        let dense = dense(input, .bool)
        let (bytes, sizes) = (dense.elements(UInt8.self), input.shape)
        let rank = sizes.count
        writing(output, as: .int64) { target in
            var row = target.elements(Int64.self)
            for i in 0..<dense.numel where bytes[i] != 0 {
                var rest = i
                for d in stride(from: rank - 1, through: 0, by: -1) {
                    row[d] = Int64(rest % sizes[d])
                    rest /= sizes[d]
                }
                row += rank
            }
        }
    }
}
