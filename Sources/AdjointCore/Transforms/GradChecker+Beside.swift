// What is checked beside the numbers of a Jacobian, and the fast mode.

extension GradChecker {
    /// What a backward pass does wrong although its Jacobian is right; nil where nothing.
    func beside(_ f: Body, _ outputs: [Tensor], _ inputs: [Tensor]) -> String? {
        if !checksBackward { return nil }
        let smooth = outputs.filter { $0.dtype.isFloatingPoint && $0.requiresGrad && $0.numel > 0 }
        for (j, output) in smooth.enumerated() {
            if let text = irregular(output, inputs, j) { return text }
            if checksBatched, let text = unbatched(output, inputs, j) { return text }
        }
        if checksUndefined, !smooth.isEmpty { return undefined(f, inputs) }
        return nil
    }

    private func numbers(_ gradients: [Tensor?]) -> [[Double]] {
        gradients.map { $0?.array() ?? [] }
    }

    private func irregular(_ output: Tensor, _ inputs: [Tensor], _ j: Int) -> String? {
        let first = numbers(pull(output, inputs) { $0 == 0 ? 1 : 0 })
        let again = numbers(pull(output, inputs) { $0 == 0 ? 1 : 0 })
        for i in inputs.indices {
            let differs = zip(first[i], again[i]).contains {
                !(($0 - $1).magnitude <= nondetTol) && $0 != $1 && !($0.isNaN && $1.isNaN)
            }
            if differs {
                return "backward is not reentrant: two backward passes give different gradients "
                    + "for output \(j) with respect to input \(i): \(first[i]) and \(again[i])"
            }
        }
        let zeros = numbers(pull(output, inputs) { _ in 0 })
        for i in inputs.indices where zeros[i].contains(where: { $0 != 0 && !$0.isNaN }) {
            return
                "backward not multiplied by grad_output: the backward pass of output \(j) does not "
                + "multiply by its cotangent, and zeros give \(zeros[i]) for input \(i)"
        }
        return nil
    }

    /// Compares two cotangents in one batched pass with the two passes.
    private func unbatched(_ output: Tensor, _ inputs: [Tensor], _ j: Int) -> String? {
        let cotangents = (0..<2).map { Self.random(like: output, seed: 100 + $0) }
        let wanted = inputs.indices.filter { inputs[$0].requiresGrad }
        let together = grads(
            of: [output], wrt: wanted.map { inputs[$0] }, gradients: [Tensor.stack(cotangents)],
            isGradsBatched: true, retainGraph: true, unused: .zeros)
        if Mode.current.isFailing { return nil }
        for (k, cotangent) in cotangents.enumerated() {
            let weights: [Double] = cotangent.array()
            let alone = pull(output, inputs) { weights[$0] }
            for (i, batch) in zip(wanted, together) {
                let pairs = zip(alone[i]!.array() as [Double], batch![k].array() as [Double])
                let differs = pairs.contains { a, b in
                    (a - b).magnitude > atol + rtol * a.magnitude || a.isNaN != b.isNaN
                }
                if differs {
                    return "a batch of cotangents (vmap over the backward pass) gives other "
                        + "gradients than one after another, for output \(j) with respect to "
                        + "input \(i)"
                }
            }
        }
        return nil
    }

    /// An identity whose gradient is missing.
    private struct Undefined: Function {
        func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
            [inputs[0] * 1]
        }
        func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] { [nil] }
    }

    /// Tries cotangents that are missing, for all outputs and for each alone: the others are zero.
    private func undefined(_ f: Body, _ inputs: [Tensor]) -> String? {
        let count = f(inputs).count { $0.dtype.isFloatingPoint && $0.requiresGrad }
        let wanted = inputs.filter(\.requiresGrad)
        for alone in [nil] + (count > 1 ? (0..<count).map { $0 as Int? } : []) {
            let outcome = Result {
                try catchingTensorErrors {
                    let outputs = f(inputs).filter { $0.dtype.isFloatingPoint && $0.requiresGrad }
                    let roots = outputs.enumerated().map { j, output in
                        alone == nil || alone == j ? Undefined().apply(output) : output
                    }
                    return grads(
                        of: roots, wrt: wanted, gradients: roots.map { Tensor.zerosLike($0) },
                        unused: .zeros
                    ).map { $0!.array(as: Double.self) }
                }
            }
            switch outcome {
            case .failure(let error):
                return "Expected backward function to handle undefined output grads; without the "
                    + "gradient of \(alone.map { "output \($0)" } ?? "any output") it failed: "
                    + "\(error)"
            case .success(let gradients):
                if gradients.contains(where: { $0.contains { $0 != 0 && !$0.isNaN } }) {
                    return "Expected all input grads to be undefined or zero when all output grads "
                        + "are undefined or zero, but got \(gradients)"
                }
            }
        }
        return nil
    }

    /// Compares vᵀ J u for one random u of each input and one random v of each output.
    func fastMismatch(_ f: Body, _ outputs: [Tensor], _ inputs: [Tensor]) -> String? {
        func unit(_ like: Tensor, _ seed: Int) -> [Double] {
            let drawn: [Double] = Self.random(like: like, seed: seed).array()
            let norm = drawn.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return norm > 0 ? drawn.map { $0 / norm } : drawn
        }
        func dot(_ a: [Double], _ b: [Double]) -> Double {
            zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
        }
        func size(_ a: [Double]) -> Double { a.reduce(0) { $0 + $1.magnitude } }
        let vs = outputs.enumerated().map { unit($1, 1000 + $0) }
        let pulled = outputs.indices.map { j -> [Tensor?]? in
            checksBackward && outputs[j].requiresGrad ? pull(outputs[j], inputs) { vs[j][$0] } : nil
        }
        for (i, input) in inputs.enumerated() where input.requiresGrad {
            let u = unit(input, 2000 + i)
            let numeric = difference(f, inputs, i) { u[$0] }
            let pushed = checksForward ? self.pushed(f, inputs, i) { u[$0] } : []
            if Mode.current.isFailing { return nil }
            for (j, v) in vs.enumerated() where outputs[j].dtype.isFloatingPoint {
                let expected = dot(v, numeric[j])
                var found: [(String, Double)] = []
                if checksBackward {
                    found.append(("backward pass", dot(pulled[j]?[i]?.array() ?? [], u)))
                }
                if checksForward { found.append(("forward mode", dot(v, pushed[j]))) }
                // The errors of the entries add up by the sizes of the directions.
                let bound = atol * size(u) * size(v) + rtol * expected.magnitude
                for (mode, analytic) in found {
                    let distance = (analytic - expected).magnitude
                    if distance <= bound || (analytic.isNaN && expected.isNaN) { continue }
                    return "a random projection of the Jacobian for output \(j) with respect to "
                        + "input \(i) is \(expected) by finite differences (numerical) and "
                        + "\(analytic) by the \(mode) (analytical)"
                }
            }
        }
        return nil
    }
}

/// Where two Jacobians of one output by one input differ.
struct JacobianPair {
    let output, input: Tensor
    let j, i: Int

    /// The entry that exceeds its tolerance most, in words, with both Jacobians where they are
    /// small; nil where all agree. `analytic` is given the positions in the output and the input.
    func worst(
        _ columns: [[Double]], by mode: String, _ atol: Double, _ rtol: Double,
        _ analytic: (Int, Int) -> Double
    ) -> String? {
        var worst = (excess: 0.0, k: 0, l: 0, numeric: 0.0)
        for (l, column) in columns.enumerated() {
            for (k, numeric) in column.enumerated() {
                let value = analytic(k, l)
                let distance = (value - numeric).magnitude
                let bound = atol + rtol * numeric.magnitude
                if distance <= bound || (value.isNaN && numeric.isNaN) { continue }
                let excess = distance.isFinite ? distance - bound : .infinity
                if excess > worst.excess { worst = (excess, k, l, numeric) }
            }
        }
        if worst.excess == 0 { return nil }
        let text = """
            Jacobian mismatch for output \(j) with respect to input \(i): the derivative of \
            output\(output.layout.index(of: worst.k)) by input\(input.layout.index(of: worst.l)) is \
            \(worst.numeric) by finite differences (numerical) and \(analytic(worst.k, worst.l)) \
            by the \(mode) (analytical)
            """
        if output.numel * input.numel > 64 { return text }
        let rows = 0..<output.numel
        let numerical = rows.map { k in columns.map { $0[k] } }
        let analytical = rows.map { k in columns.indices.map { analytic(k, $0) } }
        return text + ". Rows are outputs; numerical: \(numerical), analytical: \(analytical)"
    }
}

extension Layout {
    /// The index along each dimension of the element that is number `k` in row-major order.
    func index(of k: Int) -> [Int] {
        var index = [Int](repeating: 0, count: rank)
        var rest = k
        for d in stride(from: rank - 1, through: 0, by: -1) {
            index[d] = rest % sizes[d]
            rest /= sizes[d]
        }
        return index
    }

    /// Where in the storage that element lies.
    func position(of k: Int) -> Int {
        var position = offset
        for (d, i) in index(of: k).enumerated() { position += i * strides[d] }
        return position
    }
}
