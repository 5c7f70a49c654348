/// Finds the operation that made the first NaN or infinity.
enum Anomaly {
    /// Raises where the operation made a value that is not finite of operands that all are.
    static func checkForward(_ op: some AnyOperator, _ inputs: Operands, _ outputs: [Tensor])
        throws(TensorError)
    {
        try checkForward(type(of: op).info.name, op, Array(inputs), outputs)
    }

    /// The same for anything with a name and parameters: custom functions.
    static func checkForward(
        _ name: String, _ parameters: Any, _ inputs: [Tensor], _ outputs: [Tensor]
    ) throws(TensorError) {
        guard let i = outputs.firstIndex(where: { !isFinite($0) }) else { return }
        // Infinities that the program names itself are meant: masks, bounds, starting values.
        if !inputs.allSatisfy(isFinite) || holdsInfinity(parameters) { return }
        let output = outputs[i]
        let result = outputs.count == 1 ? "its result" : "result \(i)"
        throw TensorError(
            .anomaly,
            """
            the forward computation made \(faults(output)) of finite operands, at \
            \(Trace().line).\(operandText(inputs)) \(result): \(range(output)). \
            \(forwardHint(output, inputs))
            """, operation: name)
    }

    static func checkFunction(
        _ name: String, _ parameters: Any, _ inputs: [Tensor], _ outputs: [Tensor]
    ) -> TensorError? {
        do throws(TensorError) {
            try checkForward(name, parameters, inputs, outputs)
            return nil
        } catch {
            return error
        }
    }

    /// The check of gradients that a node has computed.
    static func checkGradients(_ node: Node, _ cotangents: TensorSlots, _ results: TensorSlots)
        throws(TensorError)
    {
        for i in 0..<node.edges.count {
            guard let gradient = results[i], !isFinite(gradient) else { continue }
            let arriving = (0..<node.outputCount).compactMap { cotangents[$0] }
            if !arriving.allSatisfy(isFinite) { return }
            var text = """
                the backward computation \(node.name) returned \(faults(gradient)) values in the \
                gradient of its input \(i), from finite gradients. \(lines(of: node)).
                """
            for (k, gradient) in arriving.enumerated() {
                text += " Gradient of its output \(k): \(range(gradient))."
            }
            for entry in node.savedEntries() {
                if let saved = entry.tensor { text += " Saved \(entry.place): \(range(saved))." }
            }
            text += " Gradient of its input \(i): \(range(gradient))."
            text += " " + backwardHint(gradient, arriving.first)
            throw TensorError(.anomaly, text, operation: node.operationName)
        }
    }

    /// The check of what reaches a node: sums over broadcast dimensions and several uses, casts
    /// and hooks lie between the node that made it and this one.
    static func checkArriving(_ gradients: TensorSlots, _ node: Node) throws(TensorError) {
        for i in 0..<node.outputCount {
            guard let gradient = gradients[i], !isFinite(gradient) else { continue }
            throw TensorError(
                .anomaly,
                """
                the gradient that reaches \(node.name) holds \(faults(gradient)) although what \
                the operations above it returned was finite: their sum is too large for \
                \(gradient.dtype), or a hook made it. \(lines(of: node)). The gradient: \
                \(range(gradient))
                """, operation: node.operationName)
        }
    }

    static func checkRoots(_ gradients: [Tensor]) throws(TensorError) {
        for (i, gradient) in gradients.enumerated() where !isFinite(gradient) {
            throw TensorError(
                .anomaly,
                "gradient \(i) that backward was given holds \(faults(gradient)), at "
                    + "\(Trace().line): \(range(gradient))", operation: "backward")
        }
    }

    static func checkTangent(_ tangent: Tensor?, _ operation: String) -> TensorError? {
        guard let tangent, !isFinite(tangent) else { return nil }
        return TensorError(
            .anomaly,
            "the forward derivative made \(faults(tangent)), at \(Trace().line). The tangent: "
                + range(tangent), operation: operation)
    }

    private static func lines(of node: Node) -> String {
        guard let notes = node.notes, let made = notes.made else {
            return "Backward was called at \(Trace().line); the forward call lies outside "
                + "detectAnomaly, so that its line is unknown"
        }
        let forward = node.operationName == nil ? "The leaf was made" : "Its forward call"
        let origin = notes.origin.map { ". " + $0.text } ?? ""
        return "\(forward) is at \(made.line), backward was called at \(Trace().line)\(origin)"
    }

    private static func operandText(_ inputs: [Tensor]) -> String {
        inputs.enumerated().map { i, tensor in " Operand \(i): \(range(tensor))." }.joined()
    }

    private static func forwardHint(_ output: Tensor, _ inputs: [Tensor]) -> String {
        let counts = Faults(output)
        if counts.nans == 0 {
            let half = output.dtype == .float16 ? " (float16 ends at 65504)" : ""
            return "The operation has a pole there, or its result is too large for "
                + "\(output.dtype)\(half): keep the operand away from the pole, or subtract the "
                + "largest element first"
        }
        return "An operand lies outside the domain of the operation: clamp it, or choose another "
            + "value with Tensor.where before the operation"
    }

    /// What to do: where the gradient that arrives is 0 and the result is none, 0 met ∞.
    private static func backwardHint(_ gradient: Tensor, _ arriving: Tensor?) -> String {
        if let arriving, arriving.sizes == gradient.sizes, !arriving.isPoisoned {
            let flow = arriving.detach().array(as: Double.self)
            let result = gradient.detach().array(as: Double.self)
            if zip(flow, result).contains(where: { $0 == 0 && $1.isNaN }) {
                return "0 · ∞: the gradient that arrives is 0 where the derivative is infinite. A "
                    + "product with 0 does not switch a branch off; where and maskedFill do, or "
                    + "compute the safe branch: Tensor.where(ok, x, 1) before the operation"
            }
        }
        return "The derivative is infinite at the edge of the operation's domain: add a small "
            + "number to the operand, or clamp it, or switch the position off with where"
    }
}

extension Debugging {
    func checkRoots(_ gradients: [Tensor]) throws(TensorError) {
        if checksValues { try Anomaly.checkRoots(gradients) }
    }

    func checkArriving(_ gradients: TensorSlots, _ node: Node) throws(TensorError) {
        if checksValues { try Anomaly.checkArriving(gradients, node) }
    }

    /// Runs the derivative of `node` and checks what it gives.
    func pull(_ node: Node, _ cotangents: TensorSlots, _ wanted: InputSet, _ recording: Bool)
        throws(TensorError) -> TensorSlots
    {
        let outcome: Result<TensorSlots, TensorError> =
            Mode.current.with(debug: quiet(node)).run {
                do throws(TensorError) {
                    return .success(try node.pull(cotangents, wanted, recording: recording))
                } catch {
                    return .failure(error)
                }
            }
        let results = try outcome.get()
        if checksValues { try Anomaly.checkGradients(node, cotangents, results) }
        return results
    }
}
