extension TraceEvent {
    /// Nil where the kind of event is unknown.
    init?(_ fields: JSONFields) throws(JSONFields.Failure) {
        let index = try fields.needID("i")
        let us = try fields.number("us")
        guard let kind = Kind(rawValue: try fields.needString("e")) else { return nil }
        self.init(index: index, us: us, try Body(kind, fields))
    }
}

extension TraceEvent.Body {
    fileprivate init(_ kind: TraceEvent.Kind, _ fields: JSONFields) throws(JSONFields.Failure) {
        switch kind {
        case .forward: self = .forward(TraceEvent.Forward(node: try fields.needID("node")))
        case .backwardBegin: self = .backwardBegin(try TraceEvent.BackwardBegin(fields))
        case .backwardNode: self = .backwardNode(try TraceEvent.BackwardNode(fields))
        case .edge: self = .edge(try TraceEvent.Edge(fields))
        case .accumulate: self = .accumulate(try TraceEvent.Accumulate(fields))
        case .free:
            self = .free(
                TraceEvent.Free(
                    run: try fields.id("run"), node: try fields.needID("node"),
                    bytes: try fields.integer("bytes")))
        case .backwardEnd:
            self = .backwardEnd(
                TraceEvent.BackwardEnd(
                    run: try fields.needID("run"), failed: try fields.string("kind") == "failed"))
        case .inplace: self = .inplace(try TraceEvent.InPlace(fields))
        case .zeroGrad:
            self = .zeroGrad(
                TraceEvent.ZeroGrad(
                    tensor: try fields.needID("tensor"),
                    setToNone: try fields.bool("setToNone") ?? true, src: try fields.source()))
        case .optimStep: self = .optimStep(try TraceEvent.OptimStep(fields))
        case .gradMode:
            self = .gradMode(
                TraceEvent.GradMode(
                    enabled: try fields.needBool("enabled"), name: try fields.string("name"),
                    src: try fields.source()))
        case .mem:
            let mem = try fields.counts("mem") ?? [:]
            self = .mem(
                TraceEvent.Memory(
                    bytes: try fields.integer("bytes")
                        ?? mem.values.reduce(0) { $0.addingReportingOverflow($1).partialValue },
                    mem: mem))
        case .metric:
            self = .metric(
                TraceEvent.Metric(
                    name: try fields.needString("name"), y: try fields.needNumber("y"),
                    step: try fields.needInteger("step"), epoch: try fields.number("epoch")))
        case .anomaly: self = .anomaly(try TraceEvent.Anomaly(fields))
        case .error: self = .error(try TraceEvent.Failure(fields))
        case .note:
            self = .note(
                TraceEvent.Note(
                    text: try fields.needString("text"), node: try fields.id("node"),
                    tensor: try fields.id("tensor"), src: try fields.source()))
        case .loop:
            self = .loop(
                TraceEvent.Loop(
                    name: try fields.string("name") ?? "", step: try fields.integer("step") ?? 0,
                    epoch: try fields.number("epoch")))
        }
    }
}

extension TraceEvent.BackwardBegin {
    fileprivate init(_ fields: JSONFields) throws(JSONFields.Failure) {
        self.init(
            run: try fields.needID("run"), roots: try fields.integers("roots") ?? [],
            gradOut: try fields.values("gradOut") ?? [],
            retainGraph: try fields.bool("retainGraph"),
            createGraph: try fields.bool("createGraph"), src: try fields.source())
    }
}

extension TraceEvent.BackwardNode {
    fileprivate init(_ fields: JSONFields) throws(JSONFields.Failure) {
        guard let gradOut = try fields.values("gradOut"), let gradIn = try fields.values("gradIn")
        else { throw JSONFields.Failure(problem: "gradOut or gradIn is missing") }
        let local = try (try fields.array("local") ?? []).map {
            (value) throws(JSONFields.Failure) -> TraceLocal? in
            if case .null = value { return nil }
            let inner = try JSONFields(value, "local")
            return TraceLocal(
                text: try inner.needString("text"), value: try inner.value("value"),
                product: try inner.string("product"), derived: try inner.bool("derived"))
        }
        self.init(
            run: try fields.needID("run"), node: try fields.needID("node"), gradOut: gradOut,
            gradIn: gradIn, local: local)
    }
}

extension TraceEvent.Edge {
    fileprivate init(_ fields: JSONFields) throws(JSONFields.Failure) {
        guard let to = fields["to"] else { throw JSONFields.Failure(problem: "to is missing") }
        self.init(
            run: try fields.needID("run"), from: try fields.needID("from"),
            input: try fields.id("input"), to: try TraceTarget(to),
            value: try fields.needValue("value"))
    }
}

extension TraceEvent.Accumulate {
    fileprivate init(_ fields: JSONFields) throws(JSONFields.Failure) {
        guard let mode = try fields.word("mode", Mode.self) else {
            throw JSONFields.Failure(problem: "mode is missing")
        }
        self.init(
            run: try fields.id("run"), tensor: try fields.needID("tensor"),
            from: try fields.id("from"), input: try fields.id("input"),
            before: try fields.value("before") ?? .none(.notCaptured),
            incoming: try fields.needValue("incoming"), after: try fields.needValue("after"),
            mode: mode)
    }
}

extension TraceEvent.InPlace {
    fileprivate init(_ fields: JSONFields) throws(JSONFields.Failure) {
        self.init(
            tensor: try fields.needID("tensor"), node: try fields.id("node"),
            name: try fields.string("name"), versionBefore: try fields.needInteger("versionBefore"),
            versionAfter: try fields.needInteger("versionAfter"),
            value: try fields.value("value"), src: try fields.source())
    }
}

extension TraceEvent.OptimStep {
    fileprivate init(_ fields: JSONFields) throws(JSONFields.Failure) {
        self.init(
            tensor: try fields.id("tensor"), name: try fields.string("name"),
            step: try fields.integer("step"), versionBefore: try fields.integer("versionBefore"),
            versionAfter: try fields.integer("versionAfter"), value: try fields.value("value"),
            src: try fields.source())
    }
}

extension TraceEvent.Anomaly {
    fileprivate init(_ fields: JSONFields) throws(JSONFields.Failure) {
        self.init(
            kind: try fields.string("kind") ?? "nan",
            phase: try fields.word("phase", TraceEvent.Phase.self) ?? .forward,
            first: try fields.bool("first") ?? false, node: try fields.id("node"),
            tensor: try fields.id("tensor"), run: try fields.id("run"),
            count: try fields.integer("count"), index: try fields.integers("index") ?? [])
    }
}

extension TraceEvent.Failure {
    fileprivate init(_ fields: JSONFields) throws(JSONFields.Failure) {
        self.init(
            kind: try fields.needString("kind"), message: try fields.needString("message"),
            hint: try fields.string("hint"),
            phase: try fields.word("phase", TraceEvent.Phase.self), run: try fields.id("run"),
            node: try fields.id("node"), tensor: try fields.id("tensor"),
            cause: try fields.id("cause"), expected: try fields.integer("expected"),
            actual: try fields.integer("actual"), src: try fields.source())
    }
}
