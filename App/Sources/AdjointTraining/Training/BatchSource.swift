/// Prepared examples, from which batches are taken.
struct BatchSource: Sendable {
    /// The numbers of all examples, as the model takes them.
    private let values: [Float]
    private let shape: [Int]
    /// What a pixel without ink becomes in preparation; it fills what a shift leaves open.
    private let paper: Float
    /// By how many pixels images are shifted at most; 0 for tables.
    private let reach: Int

    /// The examples of `training`, prepared for a model of `kind` with `inputs`.
    init(_ training: ExampleSet, inputs: ModelInputs, kind: ModelKind) {
        values = inputs.normalized(training)
        shape = inputs.shape
        paper = -inputs.mean[0] / inputs.deviation[0]
        reach = kind == .cnn ? max(1, min(shape[1], shape[2]) / 14) : 0
    }

    /// The numbers of the examples at `indices`; images each shifted by a few pixels, drawn from
    /// `seed`, so that a network learns that a digit may stand anywhere.
    func batch(_ indices: [Int], seed: Int) -> [Float] {
        let width = shape.reduce(1, *)
        guard reach > 0 else {
            return indices.flatMap { values[($0 * width)..<(($0 + 1) * width)] }
        }
        var generator = SplitMix64(seed: seed)
        var result: [Float] = []
        result.reserveCapacity(indices.count * width)
        for index in indices {
            let across = Int(generator.next(below: UInt64(2 * reach + 1))) - reach
            let down = Int(generator.next(below: UInt64(2 * reach + 1))) - reach
            appendShifted(index * width, across: across, down: down, to: &result)
        }
        return result
    }

    private func appendShifted(
        _ start: Int, across: Int, down: Int, to result: inout [Float]
    ) {
        let (height, width) = (shape[1], shape[2])
        for channel in 0..<shape[0] {
            for y in 0..<height {
                let row = start + (channel * height + y - down) * width
                let isInside = (0..<height).contains(y - down)
                for x in 0..<width {
                    let isInk = isInside && (0..<width).contains(x - across)
                    result.append(isInk ? values[row + x - across] : paper)
                }
            }
        }
    }
}
