/// The loop over a shape that up to three operands walk with strides of their own: neighbouring
/// dimensions that every operand crosses evenly are merged, and the last is left to the kernel.
struct StridedLoop {
    /// The merged sizes, outermost first; at least one.
    private(set) var sizes: [Int] = []
    /// The strides of each operand along each merged dimension.
    private(set) var strides: [(Int, Int, Int)] = []

    init(_ shape: Dims, _ a: Dims, _ b: Dims, _ c: Dims) {
        for i in 0..<shape.count where shape[i] != 1 {
            let step = (a[i], b[i], c[i])
            if let last = strides.last,
                last.0 == step.0 * shape[i], last.1 == step.1 * shape[i],
                last.2 == step.2 * shape[i]
            {
                sizes[sizes.count - 1] *= shape[i]
                strides[strides.count - 1] = step
            } else {
                sizes.append(shape[i])
                strides.append(step)
            }
        }
        if sizes.isEmpty {
            sizes = [1]
            strides = [(0, 0, 0)]
        }
    }

    /// Calls `row` with the operands' offsets for each stretch along the last dimension, and its
    /// length. Long stretches are cut so that threads share them.
    func run(_ row: (_ a: Int, _ b: Int, _ c: Int, _ count: Int) -> Void) {
        let inner = sizes.last!
        let step = strides.last!
        let outer = sizes.dropLast()
        let rows = outer.reduce(1, *)
        if rows == 1 {
            CPU.parallel(inner) { begin, end in
                row(begin * step.0, begin * step.1, begin * step.2, end - begin)
            }
            return
        }
        CPU.parallel(rows, grain: max(1, CPU.grain / max(inner, 1))) { begin, end in
            var index = [Int](repeating: 0, count: outer.count)
            var rest = begin
            for d in stride(from: outer.count - 1, through: 0, by: -1) {
                index[d] = rest % outer[d]
                rest /= outer[d]
            }
            var offsets = (0, 0, 0)
            for d in 0..<outer.count { advance(&offsets, d, by: index[d]) }
            for _ in begin..<end {
                row(offsets.0, offsets.1, offsets.2, inner)
                var d = outer.count - 1
                while d >= 0 {
                    index[d] += 1
                    advance(&offsets, d, by: 1)
                    if index[d] < outer[d] { break }
                    advance(&offsets, d, by: -index[d])
                    index[d] = 0
                    d -= 1
                }
            }
        }
    }

    @inline(__always)
    private func advance(_ offsets: inout (Int, Int, Int), _ d: Int, by n: Int) {
        offsets.0 += strides[d].0 * n
        offsets.1 += strides[d].1 * n
        offsets.2 += strides[d].2 * n
    }
}
