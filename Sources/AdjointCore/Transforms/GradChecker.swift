/// One comparison of derivatives with finite differences.
struct GradChecker {
    typealias Body = ([Tensor]) -> [Tensor]
    let name: String
    let eps, atol, rtol, nondetTol: Double
    let checksUndefined, checksBatched: Bool
    var checksForward = false
    var checksBackward = true
    let isFast: Bool

    static func list(_ f: @escaping (Tensor) -> Tensor, _ name: String) -> Body {
        { inputs in
            if inputs.count == 1 { return [f(inputs[0])] }
            return [
                Failure.poison(
                    TensorError(
                        .argument,
                        "a function of one tensor was given \(inputs.count) inputs; write it as "
                            + "{ (inputs: [Tensor]) in ... }", operation: name))
            ]
        }
    }

    func run(_ f: Body, _ inputs: [Tensor], _ raises: Bool) -> Bool {
        if Mode.current.isFailing || inputs.contains(where: \.isPoisoned) { return false }
        if let error = refusal(inputs) {
            Failure.raise(error)
            return false
        }
        if !raises {
            // A derivative that raises an error is as wrong as one that differs.
            let found = Result {
                try catchingTensorErrors { enableGrad { mismatch(f, inputs) } }
            }
            if case .success(nil) = found { return true }
            return false
        }
        let found = enableGrad { mismatch(f, inputs) }
        if Mode.current.isFailing { return false }
        if let found {
            Failure.raise(TensorError(.autograd, found, operation: name))
        }
        return found == nil
    }

    func runSecond(
        _ f: @escaping Body, _ inputs: [Tensor], _ given: [Tensor]?, _ strided: Bool, _ raises: Bool
    ) -> Bool {
        if Mode.current.isFailing || inputs.contains(where: \.isPoisoned) { return false }
        if let error = refusal(inputs) {
            Failure.raise(error)
            return false
        }
        let outputs = enableGrad { f(inputs).filter(\.requiresGrad) }
        if Mode.current.isFailing || outputs.isEmpty { return !Mode.current.isFailing }
        let cotangents =
            given
            ?? outputs.enumerated().map { i, output in
                let drawn = Self.random(like: output, seed: i)
                // Every other element of a memory twice as long.
                return strided
                    ? Tensor.stack([drawn, drawn], dim: -1).select(dim: -1, index: 0) : drawn
            }
        for cotangent in cotangents where cotangent.isLeaf { cotangent.requiresGrad_() }
        let wanted = inputs.indices.filter { inputs[$0].requiresGrad }
        func pullback(_ all: [Tensor]) -> [Tensor] {
            let inputs = Array(all.prefix(inputs.count))
            return grads(
                of: f(inputs).filter(\.requiresGrad), wrt: wanted.map { inputs[$0] },
                gradients: Array(all.dropFirst(inputs.count)), createGraph: true, unused: .zeros
            ).map { $0! }
        }
        return run(pullback, inputs + cotangents, raises)
    }

    /// Numbers between -1 and 1 that depend on the seed alone: the user's generator is left alone.
    static func random(like tensor: Tensor, seed: Int) -> Tensor {
        let order = Generator(seed: seed).permutation(tensor.numel)
        let step = 2 / Double(Swift.max(tensor.numel, 1))
        return Tensor(
            order.map { (Double($0) + 0.6) * step - 1 }, shape: tensor.shape, dtype: tensor.dtype)
    }

    private func refusal(_ inputs: [Tensor]) -> TensorError? {
        for (i, input) in inputs.enumerated() where input.requiresGrad {
            if input.dtype != .float64 {
                return TensorError(
                    .dtype,
                    "input \(i) requires gradients and is \(input.dtype); only float64 resolves a "
                        + "difference of \(eps): convert it with to(.float64)", operation: name)
            }
            if input.device != .cpu || input.storage.memory == nil {
                return TensorError(
                    .device, "input \(i) is on \(input.device) and has no data", operation: name)
            }
            if input.layout.mayOverlap {
                return TensorError(
                    .argument,
                    "input \(i) has overlapping memory: it holds one element at several positions, "
                        + "as expand makes it; clone() it, so that each can be changed alone",
                    operation: name)
            }
        }
        if !(eps > 0) || !eps.isFinite {
            return TensorError(.argument, "eps should be positive, not \(eps)", operation: name)
        }
        if inputs.contains(where: \.requiresGrad) { return nil }
        return TensorError(
            .argument, "at least one of the inputs must require gradients", operation: name)
    }

    /// What disagrees first, or nil.
    private func mismatch(_ f: Body, _ inputs: [Tensor]) -> String? {
        let outputs = f(inputs)
        if Mode.current.isFailing { return nil }
        if let error = lackOfRoom(outputs, inputs) {
            Failure.raise(error)
            return nil
        }
        let specs = outputs.map(\.spec)
        // The function once more, which must give as many outputs of the same shapes and types.
        func again(_ inputs: [Tensor]) -> [Tensor] {
            let results = f(inputs)
            if results.map(\.spec) == specs { return results }
            if !Mode.current.isFailing {
                let (first, now) = (specs.map(\.sizes), results.map(\.sizes))
                Failure.raise(
                    TensorError(
                        .argument,
                        "the function returned outputs of shapes \(first), and then of shapes "
                            + "\(now) or other dtypes; it must give the same each time",
                        operation: name))
            }
            return specs.map { Tensor.poisoned($0.sizes, $0.dtype) }
        }
        return mismatch(again, outputs, inputs)
    }

    /// The outputs whose derivatives, one number for each pair of elements, no memory holds.
    private func lackOfRoom(_ outputs: [Tensor], _ inputs: [Tensor]) -> TensorError? {
        let columns = inputs.reduce(0) { $1.requiresGrad ? $0 + $1.numel : $0 }
        for (j, output) in outputs.enumerated() where output.dtype.isFloatingPoint {
            let (count, overflow) = output.numel.multipliedReportingOverflow(
                by: isFast ? 1 : columns)
            if overflow || !TensorMemory.hasRoom(for: count, of: Double.self) {
                return TensorError(
                    .argument,
                    "output \(j) of shape \(output.shape) has more derivatives than memory holds; "
                        + "check fewer elements at a time", operation: name)
            }
        }
        return nil
    }

    private func mismatch(_ f: Body, _ outputs: [Tensor], _ inputs: [Tensor]) -> String? {
        if isFast {
            guard let projected = fastMismatch(f, outputs, inputs) else {
                return Mode.current.isFailing ? nil : beside(f, outputs, inputs)
            }
            if let entry = slowMismatch(f, outputs, inputs) { return "\(projected). \(entry)" }
            return
                "\(projected). Entry by entry the Jacobians agree: the tolerances are too tight for "
                + "the projection, or the function is not deterministic"
        }
        return slowMismatch(f, outputs, inputs) ?? beside(f, outputs, inputs)
    }

    private func slowMismatch(_ f: Body, _ outputs: [Tensor], _ inputs: [Tensor]) -> String? {
        for (j, output) in outputs.enumerated() where output.dtype.isFloatingPoint {
            var analytic: [[[Double]]]?
            if checksBackward, output.requiresGrad {
                switch rows(output, inputs, j) {
                case .failure(let text): return text.text
                case .success(let found): analytic = found
                }
            }
            for (i, input) in inputs.enumerated() where input.requiresGrad {
                let numeric = columns(f, inputs, i, output: j)
                if Mode.current.isFailing { return nil }
                let pair = JacobianPair(output: output, input: input, j: j, i: i)
                if checksBackward,
                    let text = pair.worst(
                        numeric, by: "backward pass", atol, rtol,
                        { k, l in
                            analytic?[i][k][l] ?? 0
                        })
                {
                    return text
                }
                if checksForward {
                    let pushed = forwardColumns(f, inputs, i, output: j)
                    if Mode.current.isFailing { return nil }
                    if let text = pair.worst(
                        numeric, by: "forward mode", atol, rtol,
                        { k, l in
                            pushed[l][k]
                        })
                    {
                        return text
                    }
                }
            }
        }
        return nil
    }

    private struct Text: Error { let text: String }

    /// The Jacobian of `output` by input, row by row through the backward pass.
    private func rows(_ output: Tensor, _ inputs: [Tensor], _ j: Int)
        -> Result<[[[Double]]], Text>
    {
        var jacobian = inputs.map { _ in [[Double]]() }
        for k in 0..<output.numel {
            let gradients = pull(output, inputs) { $0 == k ? 1 : 0 }
            for i in inputs.indices where inputs[i].requiresGrad {
                if let text = Self.misshapen(gradients[i]!, inputs[i], i, j) {
                    return .failure(Text(text: text))
                }
                jacobian[i].append(gradients[i]!.array())
            }
        }
        return .success(jacobian)
    }

    private static func misshapen(_ gradient: Tensor, _ input: Tensor, _ i: Int, _ j: Int)
        -> String?
    {
        if gradient.isPoisoned { return nil }
        let (got, want) = (gradient.spec, input.spec)
        if got == want, gradient.device == input.device { return nil }
        return "the gradient of output \(j) with respect to input \(i) is \(got.dtype) of shape "
            + "\(got.sizes) on \(gradient.device), and the input is \(want.dtype) of shape "
            + "\(want.sizes) on \(input.device)"
    }

    /// The gradients for one cotangent; nil for inputs that require none.
    func pull(_ output: Tensor, _ inputs: [Tensor], _ weight: (Int) -> Double) -> [Tensor?] {
        let cotangent = Tensor(
            (0..<output.numel).map(weight), shape: output.shape, dtype: output.dtype)
        let wanted = inputs.indices.filter { inputs[$0].requiresGrad }
        let found = grads(
            of: [output], wrt: wanted.map { inputs[$0] }, gradients: [cotangent],
            retainGraph: true, unused: .zeros)
        var all = [Tensor?](repeating: nil, count: inputs.count)
        for (i, gradient) in zip(wanted, found) { all[i] = gradient }
        return all
    }

    /// The Jacobian by finite differences, column by column.
    private func columns(_ f: Body, _ inputs: [Tensor], _ i: Int, output j: Int) -> [[Double]] {
        let layout = inputs[i].layout
        return (0..<layout.count).map { k in
            difference(f, inputs, i) { $0 == k ? 1 : 0 }[j]
        }
    }

    /// (f(x + eps·u) - f(x - eps·u)) / (2 eps) for a direction u of input `i`, all outputs.
    func difference(_ f: Body, _ inputs: [Tensor], _ i: Int, _ u: (Int) -> Double) -> [[Double]] {
        let layout = inputs[i].layout
        let memory = inputs[i].storage.memory!.assumingMemoryBound(to: Double.self)
        let moved = (0..<layout.count).compactMap { k -> (place: Int, old: Double, by: Double)? in
            let by = u(k)
            let place = layout.position(of: k)
            return by == 0 ? nil : (place, memory[place], by * eps)
        }
        func sample(_ sign: Double) -> [[Double]] {
            for (place, old, by) in moved { memory[place] = old + sign * by }
            return f(inputs).map { $0.dtype.isFloatingPoint ? $0.array() : [] }
        }
        defer { for (place, old, _) in moved { memory[place] = old } }
        let above = sample(1)
        let below = sample(-1)
        return zip(above, below).map { zip($0, $1).map { ($0 - $1) / (2 * eps) } }
    }

    /// The Jacobian by forward mode, column by column.
    private func forwardColumns(_ f: Body, _ inputs: [Tensor], _ i: Int, output j: Int)
        -> [[Double]]
    {
        (0..<inputs[i].numel).map { k in
            pushed(f, inputs, i) { $0 == k ? 1 : 0 }[j]
        }
    }

    /// The tangents of all outputs for a direction of input `i`.
    func pushed(_ f: Body, _ inputs: [Tensor], _ i: Int, _ u: (Int) -> Double) -> [[Double]] {
        forwardMode { level in
            let input = inputs[i]
            var duals = inputs
            duals[i] = level.makeDual(
                input,
                tangent: Tensor((0..<input.numel).map(u), shape: input.shape, dtype: input.dtype))
            return f(duals).map { output in
                level.unpackDual(output).tangent?.array()
                    ?? [Double](repeating: 0, count: output.numel)
            }
        }
    }
}
