import CAdjoint

extension CPU {
    /// output = x wᵀ + b: x is [rows, in], w is [out, in], b is [out].
    static func affine(_ x: Block, _ w: Block, _ bias: Block?, into output: Block)
        throws(TensorError)
    {
        if output.numel == 0 { return }
        let (rows, columns, inner) = (output.sizes[0], output.sizes[1], x.sizes[1])
        let beta = bias == nil ? 0.0 : 1.0
        let dtype = output.dtype.computeType
        try writing(output, as: dtype) { (target) throws(TensorError) in
            if let bias { try copy(bias, into: target) }
            let (p, transposed, lead) = try matrix(x, dtype)
            let (q, flipped, step) = try matrix(w, dtype)
            // The kernel is told of w as it lies, and wᵀ is wanted.
            let (ta, tb): (Int32, Int32) = (transposed ? 1 : 0, flipped ? 0 : 1)
            if dtype == .float64 {
                adj_gemm_f64(
                    ta, tb, rows, columns, inner, 1, p.elements(), lead, q.elements(), step, beta,
                    target.elements(), columns)
            } else {
                adj_gemm_f32(
                    ta, tb, rows, columns, inner, 1, p.elements(), lead, q.elements(), step,
                    Float(beta), target.elements(), columns)
            }
        }
    }
}
