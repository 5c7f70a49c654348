import AdjointCore

// A gradient that is one number, a column or a row, stretched over the result's shape, as sums
// return it, is read where it lies. The gradients that follow have the bits that they have where
// it is written out first.

extension Trial {
    private static let shapes = [
        [1], [3], [17], [100], [5, 3], [9, 67], [2, 3, 64], [3, 23_334],
    ]
    private static let edges: [Double] = [
        0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 100, -100, 1e-30, -1e-30, 1e30, -1e30, .infinity,
        -.infinity, .nan, 3.5, -3.5, 20, -20, 1e-5, -1e-5,
    ]

    func spreads() -> [Finding] {
        guard info.family == .pointwise, isSmooth, inputs[0].numel > 1,
            inputs.allSatisfy({ $0.shape == inputs[0].shape })
        else { return [] }
        var found: [Finding] = []
        for dtype in [DType.float32, .float64] where info.dtypes.contains(dtype) {
            for shape in Self.shapes {
                found += spread(
                    sample.inputs.enumerated().map {
                        Sample.Input(Dims(shape), $1.values).make(seed: 20 + $0, dtype: dtype)
                    })
            }
            if inputs.count == 1 { found += spread([Tensor(Self.edges, dtype: dtype)]) }
        }
        return Array(found.prefix(3))
    }

    private func spread(_ inputs: [Tensor]) -> [Finding] {
        let (shape, dtype) = (inputs[0].shape, inputs[0].dtype)
        let special: [Double] = inputs[0].numel > 10_000 ? [0.7] : [0.7, -0.0, .infinity, .nan]
        let outputs = smooth(run(leaves(inputs, numbers)))
        func gradients(_ weight: Tensor) -> [[UInt64]] {
            let leaves = self.leaves(inputs, numbers)
            let outputs = smooth(run(leaves))
            let found = pull(outputs, numbers.map { leaves[$0] }, outputs.map { _ in weight })
            return found.map(bits)
        }
        if outputs.contains(where: { $0.shape != shape || $0.dtype != dtype }) { return [] }
        let column = random(like: Tensor.zeros(shape.dropLast() + [1], dtype: dtype), 40)
        let row = random(like: Tensor.zeros([shape.last!], dtype: dtype), 41)
        for weight in special.map({ Tensor.full([], $0, dtype: dtype) }) + [column, row] {
            let weight = weight.expand(shape)
            if gradients(weight) == gradients(weight.contiguous()) { continue }
            return [
                finding(
                    "\(dtype) of shape \(shape): a gradient of strides \(weight.strides) gives "
                        + "other bits than the same numbers written out")
            ]
        }
        return []
    }

    /// The bits of each element; all NaN are alike.
    private func bits(_ tensor: Tensor) -> [UInt64] {
        tensor.array(as: Double.self).map { $0.isNaN ? .max : $0.bitPattern }
    }
}
