extension TraceDocument {
    /// An event in one line: "backward through mul: 1 gives -, 3".
    public func words(for event: TraceEvent) -> String {
        switch event.body {
        case .forward(let e): forward(e.node)
        case .backwardBegin(let e):
            "backward pass \(e.run) begins at \(e.roots.map(tensorName).joined(separator: ", "))"
        case .backwardNode(let e):
            "backward through \(operation(e.node)): \(values(e.gradOut)) gives \(values(e.gradIn))"
        case .edge(let e):
            "\(operation(e.from)) sends \(short(e.value)) to \(target(e.to))"
        case .accumulate(let e):
            e.mode == .assign
                ? "\(tensorName(e.tensor)).grad becomes \(short(e.after))"
                : "\(tensorName(e.tensor)).grad: \(short(e.before)) + \(short(e.incoming)) = "
                    + short(e.after)
        case .free(let e):
            "\(operation(e.node)) frees what it saved"
                + (e.bytes.map { " (\(ShownValue.bytes($0)))" } ?? "")
        case .backwardEnd(let e): "backward pass \(e.run) \(e.failed ? "has failed" : "ends")"
        case .inplace(let e):
            "\(e.name ?? "a write") changes \(tensorName(e.tensor)): version \(e.versionBefore) to "
                + "\(e.versionAfter)"
        case .zeroGrad(let e):
            "\(tensorName(e.tensor)).grad becomes \(e.setToNone ? "none" : "zeros")"
        case .optimStep(let e):
            "\(e.name ?? "the optimiser") steps" + (e.tensor.map { " on \(tensorName($0))" } ?? "")
        case .gradMode(let e):
            "gradients are \(e.enabled ? "recorded" : "not recorded")"
                + (e.name.map { " (\($0))" } ?? "")
        case .mem(let e): "graphs hold \(ShownValue.bytes(e.bytes))"
        case .metric(let e): "\(e.name) = \(ShownValue.number(e.y)) at step \(e.step)"
        case .anomaly(let e):
            "\(e.kind) in \(e.phase.rawValue)"
                + (e.node.map { " at \(operation($0))" } ?? "") + (e.first ? ", made here" : "")
        case .error(let e): "error (\(e.kind)): \(e.message)"
        case .note(let e): e.text
        case .loop(let e): "\(e.name) \(e.step)"
        }
    }

    private func forward(_ id: Int) -> String {
        guard let node = node(id) else { return "node \(id) computes" }
        let inputs = node.inputs.map { input in
            input.tensor.map(tensorName) ?? input.scalar.map(ShownValue.number) ?? "-"
        }
        let result = node.outputs.first.flatMap { tensor($0) }
        let value = ShownValue.text(result?.value).map { " = \($0)" } ?? ""
        let name = result?.name.map { "\($0) = " } ?? ""
        return "\(name)\(node.op)(\(inputs.joined(separator: ", ")))\(value)"
    }

    /// "mul"; of several calls on one line, too.
    private func operation(_ id: Int) -> String { node(id)?.op ?? "node \(id)" }

    /// A tensor's name; without one, what made it.
    private func tensorName(_ id: Int) -> String {
        guard let tensor = tensor(id) else { return "tensor \(id)" }
        if let name = tensor.name { return name }
        return tensor.producer.flatMap { node($0.node) }.map { "\($0.op)#\($0.id)" }
            ?? "tensor \(id)"
    }

    private func target(_ target: TraceTarget) -> String {
        switch target {
        case .node(let id, _): operation(id)
        case .leaf(let id): tensorName(id)
        }
    }

    private func short(_ value: TraceValue) -> String { ShownValue.text(value) ?? "-" }

    private func values(_ values: [TraceValue]) -> String {
        values.map(short).joined(separator: ", ")
    }

    /// The place that an event is about: its own line, or that of its node.
    public func source(of event: TraceEvent) -> TraceSource? {
        event.src ?? event.node.flatMap { node($0)?.src }
    }
}
