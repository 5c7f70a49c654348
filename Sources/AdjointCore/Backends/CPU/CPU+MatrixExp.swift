import CAdjoint

extension CPU {
    /// Writes the unit matrix.
    static func writeUnit(_ matrix: Block) {
        let n = matrix.sizes[matrix.ndim - 1]
        func write<T: LapackReal>(_: T.Type) {
            let x = matrix.elements(T.self)
            x.update(repeating: 0, count: n * n)
            for i in 0..<n { x[i * n + i] = 1 }
        }
        matrix.dtype == .float64 ? write(Double.self) : write(Float.self)
    }

    /// e^A of square matrices, by scaling and squaring: the Taylor polynomial of degree 19 of
    /// A / 2ˢ, whose 1-norm is at most 1 (the rest is below 1/20!, 4e-19), squared s times.
    /// The polynomial is evaluated with seven products (Paterson and Stockmeyer 1973).
    static func matrixExp(_ a: Block, into output: Block) throws(TensorError) {
        if output.numel == 0 { return }
        let dtype = output.dtype.computeType
        let source = try dense(a, dtype)
        try writing(output, as: dtype) { (target) throws(TensorError) in
            dtype == .float64
                ? try matrixExp(Double.self, source, target, adj_gemm_f64)
                : try matrixExp(Float.self, source, target, adj_gemm_f32)
        }
    }

    private static func matrixExp<T: LapackReal>(
        _: T.Type, _ a: Block, _ output: Block,
        _ gemm: (
            Int32, Int32, Int, Int, Int, T, UnsafePointer<T>?, Int, UnsafePointer<T>?, Int, T,
            UnsafeMutablePointer<T>?, Int
        ) -> Void
    ) throws(TensorError) {
        let (count, n, _) = matrices(a)
        let size = n * n
        let memory = try Block(scratch: [6, n, n], a.dtype)
        let space = memory.elements(T.self)
        // The powers 1 to 4, the sum so far, and the next one.
        let powers = (0..<4).map { space + $0 * size }
        var (sum, next) = (space + 4 * size, space + 5 * size)
        func multiply(_ x: UnsafePointer<T>, _ y: UnsafePointer<T>, _ z: UnsafeMutablePointer<T>) {
            gemm(0, 0, n, n, n, 1, x, n, y, n, 0, z, n)
        }
        for g in 0..<count {
            let matrix = a.elements(T.self) + g * size
            var largest: T = 0
            for j in 0..<n {
                var column: T = 0
                for i in 0..<n { column += matrix[i * n + j].magnitude }
                if !(column <= largest) { largest = column }
            }
            let target = output.elements(T.self) + g * size
            if !largest.isFinite {
                target.update(repeating: .nan, count: size)
                continue
            }
            var squarings = 0
            while largest > 1 {
                largest /= 2
                squarings += 1
            }
            let scale = T(sign: .plus, exponent: T.Exponent(-squarings), significand: 1)
            for i in 0..<size { powers[0][i] = matrix[i] * scale }
            for k in 1..<4 { multiply(powers[k - 1], powers[0], powers[k]) }
            // Σ over blocks of four terms, from the highest: (... (B₄ A⁴ + B₃) A⁴ + ...) + B₀.
            for block in stride(from: 4, through: 0, by: -1) {
                if block < 4 {
                    multiply(sum, powers[3], next)
                    (sum, next) = (next, sum)
                } else {
                    sum.update(repeating: 0, count: size)
                }
                for k in 1..<4 {
                    let factor = 1 / factorial(T.self, 4 * block + k)
                    for i in 0..<size { sum[i] += factor * powers[k - 1][i] }
                }
                let factor = 1 / factorial(T.self, 4 * block)
                for i in 0..<n { sum[i * n + i] += factor }
            }
            for _ in 0..<squarings {
                multiply(sum, sum, next)
                (sum, next) = (next, sum)
            }
            target.update(from: sum, count: size)
        }
    }

    private static func factorial<T: LapackReal>(_: T.Type, _ n: Int) -> T {
        n < 2 ? 1 : (2...n).reduce(T(1)) { $0 * T($1) }
    }
}
