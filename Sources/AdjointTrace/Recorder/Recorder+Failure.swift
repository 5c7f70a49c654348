import AdjointCore

extension Recorder {
    func didFail(_ error: TensorError) {
        let place = options.stacks == .none ? nil : CallPlace()
        let inPass = PassScope.current != nil
        update { state in
            let src = state.place(place).src
            let run = state.failedRun.take()
            var event = TraceEvent.Failure(
                kind: Recorder.kind(error), message: Recorder.message(error),
                phase: run != nil || inPass ? .backward : .forward, run: run, src: src)
            if let evidence = error.evidence, let note = state.nodes[evidence.node] {
                event.node = note.id
                state.explain(&event, error, evidence, note)
            }
            state.put(.error(event))
            // The error may be the last that this process does.
            state.sink.drain()
        }
    }

    /// What the error says, without the advice how to see lines: a trace has them.
    private static func message(_ error: TensorError) -> String {
        error.description.replacing(". " + SourceLines.howTo, with: ".")
    }

    /// The name of an error's kind in traces.
    private static func kind(_ error: TensorError) -> String {
        switch error.kind {
        case .shape: "shape"
        case .dtype: "dtype"
        case .device: "device"
        case .index: "index"
        case .autograd: "autograd"
        case .graphFreed: "backward-twice"
        case .inPlace: error.evidence == nil ? "inplace" : "inplace-clash"
        case .anomaly: "anomaly"
        case .argument: "argument"
        }
    }
}

extension RecorderState {
    /// Adds what led to the error, and a sentence for those who look at the graph.
    fileprivate mutating func explain(
        _ event: inout TraceEvent.Failure, _ error: TensorError, _ evidence: TensorError.Evidence,
        _ note: NodeNote
    ) {
        let line = note.src.flatMap { sources.line($0) }.map { " (\($0))" } ?? ""
        let name =
            error.operation.map { $0.prefix(1).uppercased() + $0.dropFirst() + "Backward" }
            ?? "A node"
        switch error.kind {
        case .graphFreed:
            event.cause = note.freedAt
            event.message = "\(name)\(line) already gave back the tensor it saved for backward."
            event.hint =
                "Call backward(retainGraph: true) the first time, or compute the result again."
        case .inPlace:
            event.expected = evidence.expected
            event.actual = evidence.actual
            event.cause = evidence.storage.flatMap { storages.knownID($0) }.flatMap { writes[$0] }
            event.tensor = note.saved.first { $0.version == evidence.expected }?.tensor
            event.hint =
                "Write out of place, or clone() the tensor before the write, or write after "
                + "backward."
        default: break
        }
    }
}

extension SourceMap {
    /// "main.swift:12".
    func line(_ source: TraceSource) -> String? {
        name(of: source.file).map { "\($0):\(source.line)" }
    }
}
