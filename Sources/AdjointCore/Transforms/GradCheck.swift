/// Compares the gradients of `f` with finite differences, entry by entry.
///
/// For each output and each of the `inputs` that requires gradients, the Jacobian by the backward
/// pass must agree with (f(x + eps) - f(x - eps)) / (2 eps) within `atol + rtol * |numeric|`. Two
/// backward passes must agree exactly, and a cotangent of zeros must give zeros.
///
/// - Parameters:
///   - f: The function; only its dependence on `inputs` is checked. The inputs are changed in
///     place while it is sampled, and restored.
///   - inputs: At least one requires gradients, and those are float64: smaller types do not
///     resolve a difference of `eps`.
///   - raiseException: With false a mismatch is reported by the result alone.
/// - Returns: True where everything agrees.
/// - Errors: `.autograd` for a mismatch, with the entry where the two Jacobians differ most;
///   `.dtype` for an input that requires gradients and is not float64; `.argument` where none does.
@discardableResult
public func gradcheck(
    _ f: @escaping (Tensor) -> Tensor, _ inputs: [Tensor], eps: Double = 1e-6,
    atol: Double = 1e-5, rtol: Double = 1e-3, raiseException: Bool = true
) -> Bool {
    GradCheck(eps, atol, rtol, "gradcheck").run(
        GradCheck.list(f, "gradcheck"), inputs, raiseException)
}

/// The form for functions of several tensors.
@_disfavoredOverload
@discardableResult
public func gradcheck(
    _ f: @escaping ([Tensor]) -> Tensor, _ inputs: [Tensor], eps: Double = 1e-6,
    atol: Double = 1e-5, rtol: Double = 1e-3, raiseException: Bool = true
) -> Bool {
    GradCheck(eps, atol, rtol, "gradcheck").run({ [f($0)] }, inputs, raiseException)
}

/// The form for functions of several tensors with several results.
@_disfavoredOverload
@discardableResult
public func gradcheck(
    _ f: @escaping ([Tensor]) -> [Tensor], _ inputs: [Tensor], eps: Double = 1e-6,
    atol: Double = 1e-5, rtol: Double = 1e-3, raiseException: Bool = true
) -> Bool {
    GradCheck(eps, atol, rtol, "gradcheck").run(f, inputs, raiseException)
}

/// Compares the second derivatives of `f` with finite differences of its gradients: `gradcheck` of
/// the backward pass, with respect to the inputs and to the cotangents (`gradOutputs`, or random
/// ones). It finds derivatives that are right and cannot be differentiated. Errors as there.
@discardableResult
public func gradgradcheck(
    _ f: @escaping (Tensor) -> Tensor, _ inputs: [Tensor], gradOutputs: [Tensor]? = nil,
    eps: Double = 1e-6, atol: Double = 1e-5, rtol: Double = 1e-3, raiseException: Bool = true
) -> Bool {
    GradCheck(eps, atol, rtol, "gradgradcheck").runSecond(
        GradCheck.list(f, "gradgradcheck"), inputs, gradOutputs, raiseException)
}

/// The form for functions of several tensors.
@_disfavoredOverload
@discardableResult
public func gradgradcheck(
    _ f: @escaping ([Tensor]) -> Tensor, _ inputs: [Tensor], gradOutputs: [Tensor]? = nil,
    eps: Double = 1e-6, atol: Double = 1e-5, rtol: Double = 1e-3, raiseException: Bool = true
) -> Bool {
    GradCheck(eps, atol, rtol, "gradgradcheck").runSecond(
        { [f($0)] }, inputs, gradOutputs, raiseException)
}

/// The form for functions of several tensors with several results.
@_disfavoredOverload
@discardableResult
public func gradgradcheck(
    _ f: @escaping ([Tensor]) -> [Tensor], _ inputs: [Tensor], gradOutputs: [Tensor]? = nil,
    eps: Double = 1e-6, atol: Double = 1e-5, rtol: Double = 1e-3, raiseException: Bool = true
) -> Bool {
    GradCheck(eps, atol, rtol, "gradgradcheck").runSecond(f, inputs, gradOutputs, raiseException)
}

/// One comparison with its tolerances.
private struct GradCheck {
    typealias Body = ([Tensor]) -> [Tensor]
    let eps, atol, rtol: Double
    let name: String

    init(_ eps: Double, _ atol: Double, _ rtol: Double, _ name: String) {
        (self.eps, self.atol, self.rtol, self.name) = (eps, atol, rtol, name)
    }

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

    func runSecond(_ f: @escaping Body, _ inputs: [Tensor], _ given: [Tensor]?, _ raises: Bool)
        -> Bool
    {
        if Mode.current.isFailing || inputs.contains(where: \.isPoisoned) { return false }
        if let error = refusal(inputs) {
            Failure.raise(error)
            return false
        }
        let outputs = enableGrad { f(inputs).filter(\.requiresGrad) }
        if Mode.current.isFailing || outputs.isEmpty { return !Mode.current.isFailing }
        let cotangents = given ?? outputs.enumerated().map { Self.random(like: $1, seed: $0) }
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
    private static func random(like tensor: Tensor, seed: Int) -> Tensor {
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
            if input.device != .cpu {
                return TensorError(
                    .device, "input \(i) is on \(input.device) and has no data", operation: name)
            }
            if input.layout.mayOverlap {
                return TensorError(
                    .argument,
                    "input \(i) holds one element at several positions, as expand makes it; "
                        + "clone() it, so that each can be changed alone", operation: name)
            }
        }
        if inputs.contains(where: \.requiresGrad) { return nil }
        return TensorError(
            .argument, "at least one of the inputs must require gradients", operation: name)
    }

    /// What disagrees first, or nil.
    private func mismatch(_ f: Body, _ inputs: [Tensor]) -> String? {
        let outputs = f(inputs)
        if Mode.current.isFailing { return nil }
        for (j, output) in outputs.enumerated() where output.dtype.isFloatingPoint {
            let analytic = output.requiresGrad ? rows(output, inputs) : nil
            if let analytic, let text = irregular(output, inputs, analytic, j) { return text }
            for (i, input) in inputs.enumerated() where input.requiresGrad {
                let columns = numeric(f, inputs, i, output: j)
                if Mode.current.isFailing { return nil }
                if let text = worst(columns, analytic?[i], output, input, j, i) { return text }
            }
        }
        return nil
    }

    /// The Jacobian of `output` by input, row by row through the backward pass.
    private func rows(_ output: Tensor, _ inputs: [Tensor]) -> [[[Double]]] {
        var jacobian = inputs.map { _ in [[Double]]() }
        for k in 0..<output.numel {
            let gradients = pull(output, inputs) { $0 == k ? 1 : 0 }
            for i in inputs.indices { jacobian[i].append(gradients[i]) }
        }
        return jacobian
    }

    private func pull(_ output: Tensor, _ inputs: [Tensor], _ weight: (Int) -> Double)
        -> [[Double]]
    {
        let cotangent = Tensor(
            (0..<output.numel).map(weight), shape: output.shape, dtype: output.dtype)
        let wanted = inputs.indices.filter { inputs[$0].requiresGrad }
        let found = grads(
            of: [output], wrt: wanted.map { inputs[$0] }, gradients: [cotangent],
            retainGraph: true, unused: .zeros)
        var all = inputs.map { _ in [Double]() }
        for (i, gradient) in zip(wanted, found) { all[i] = gradient!.array() }
        return all
    }

    private func irregular(
        _ output: Tensor, _ inputs: [Tensor], _ analytic: [[[Double]]], _ j: Int
    ) -> String? {
        if output.numel == 0 { return nil }
        let again = pull(output, inputs) { $0 == 0 ? 1 : 0 }
        for i in inputs.indices {
            let first = analytic[i].first ?? []
            if zip(first, again[i]).contains(where: { $0 != $1 && !($0.isNaN && $1.isNaN) }) {
                return "two backward passes give different gradients for output \(j) with respect "
                    + "to input \(i): \(first) and \(again[i])"
            }
        }
        let zeros = pull(output, inputs) { _ in 0 }
        for i in inputs.indices where zeros[i].contains(where: { $0 != 0 && !$0.isNaN }) {
            return
                "the backward pass of output \(j) does not multiply by its cotangent: zeros give "
                + "\(zeros[i]) for input \(i)"
        }
        return nil
    }

    /// The Jacobian by finite differences, column by column.
    private func numeric(_ f: Body, _ inputs: [Tensor], _ i: Int, output j: Int) -> [[Double]] {
        let layout = inputs[i].layout
        let memory = inputs[i].storage.memory!.assumingMemoryBound(to: Double.self)
        return (0..<layout.count).map { k in
            let place = memory + layout.position(of: k)
            let old = place.pointee
            defer { place.pointee = old }
            place.pointee = old + eps
            let above: [Double] = f(inputs)[j].array()
            place.pointee = old - eps
            let below: [Double] = f(inputs)[j].array()
            return zip(above, below).map { ($0 - $1) / (2 * eps) }
        }
    }

    private func worst(
        _ columns: [[Double]], _ rows: [[Double]]?, _ output: Tensor, _ input: Tensor, _ j: Int,
        _ i: Int
    ) -> String? {
        var worst = (excess: 0.0, k: 0, l: 0, numeric: 0.0, analytic: 0.0)
        for (l, column) in columns.enumerated() {
            for (k, numeric) in column.enumerated() {
                let analytic = rows?[k][l] ?? 0
                let distance = (analytic - numeric).magnitude
                let bound = atol + rtol * numeric.magnitude
                if distance <= bound || (analytic.isNaN && numeric.isNaN) { continue }
                let excess = distance.isFinite ? distance - bound : .infinity
                if excess > worst.excess { worst = (excess, k, l, numeric, analytic) }
            }
        }
        if worst.excess == 0 { return nil }
        return """
            Jacobian mismatch for output \(j) with respect to input \(i): the derivative of \
            output\(output.layout.index(of: worst.k)) by input\(input.layout.index(of: worst.l)) is \
            \(worst.numeric) by finite differences (numerical) and \(worst.analytic) by the \
            backward pass (analytical)
            """
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
