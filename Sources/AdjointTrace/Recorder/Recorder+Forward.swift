import AdjointCore
import CAdjoint

extension Recorder {
    func didApply(_ call: ObservedCall) {
        let elapsed = adj_clock_elapsed()
        // What a derivative is made of is no news, unless it can be differentiated itself.
        if call.pass != nil, !call.isRecording { return }
        if call.inputs.contains(where: { $0.isObservedBatch }) { return }
        let place = options.stacks == .none ? nil : CallPlace()
        let values = call.outputs.map { capture.value($0) }
        let origin = anomalyOrigin(call, values)
        let order = (call.pass as? PassRecorder)?.order ?? 1
        update { state in
            state.noteGradMode(call.isRecording, inPass: call.pass != nil)
            state.record(
                call, values, place, order: order, elapsed: elapsed, origin: origin,
                capture: capture)
        }
    }

    /// Which result has the first NaN or infinity; nil where there is none, or where an operand
    /// had one already.
    private func anomalyOrigin(_ call: ObservedCall, _ values: [TraceValue]) -> Int? {
        guard let i = values.indices.first(where: { !values[$0].isFinite(call.outputs[$0]) }) else {
            return nil
        }
        // Of a write in place the operand is gone: whether it was finite its record may say.
        let inputs = call.versionBefore == nil ? call.inputs[...] : call.inputs.dropFirst()
        if inputs.contains(where: { !$0.isFinite }) { return nil }
        // Infinities that the program names itself are meant: masks, bounds.
        let named = Attributes.of(call.parameters).contains {
            $0.value.number.map { !$0.isFinite } ?? false
        }
        return named ? nil : i
    }

    func didWrite(_ tensor: Tensor, by name: String, versionBefore: Int) {
        let place = options.stacks == .none ? nil : CallPlace()
        update { state in
            let id = state.operand(tensor, capture)
            let src = state.place(place).src
            state.putWrite(
                tensor, id, node: nil, name, versionBefore, capture.value(tensor), src)
        }
    }

    func didDetach(_ result: Tensor, from source: Tensor) {
        if PassScope.current != nil || result.isObservedBatch { return }
        let tag = source.observedTag
        if tag == 0 { return }
        let place = options.stacks == .none ? nil : CallPlace()
        update { state in
            guard let id = state.tensors[tag] else { return }
            // Most detached tensors are read and dropped: only one that is used is written down.
            if state.detached.count > 4096 { state.detached = [:] }
            state.detached[result.needObservedTag()] = RecorderState.Detached(
                source: id, place: state.place(place).src)
        }
    }

    func didClearGradient(of tensor: Tensor, setToNone: Bool) {
        let place = options.stacks == .none ? nil : CallPlace()
        update { state in
            let id = state.operand(tensor, capture)
            let src = state.place(place).src
            state.put(.zeroGrad(.init(tensor: id, setToNone: setToNone, src: src)))
        }
    }

    func didStep(_ parameter: Tensor, by optimizer: String, step: Int, versionBefore: Int) {
        let place = options.stacks == .none ? nil : CallPlace()
        update { state in
            let id = state.operand(parameter, capture)
            let src = state.place(place).src
            let event = state.put(
                .optimStep(
                    .init(
                        tensor: id, name: optimizer, step: step, versionBefore: versionBefore,
                        versionAfter: parameter.observedVersion, value: capture.value(parameter),
                        src: src)))
            state.writes[state.storage(parameter)] = event
        }
    }
}

extension RecorderState {
    mutating func storage(_ tensor: Tensor) -> Int {
        storages.id(of: tensor.observedStorageTag, isLeaf: false)
    }

    /// Tells where recording is switched on or off, at the first operation that it matters for.
    fileprivate mutating func noteGradMode(_ isRecording: Bool, inPass: Bool) {
        if inPass || isRecording == isRecordingGradients { return }
        isRecordingGradients = isRecording
        put(.gradMode(.init(enabled: isRecording, name: isRecording ? nil : "noGrad")))
    }

    fileprivate mutating func putWrite(
        _ tensor: Tensor, _ id: Int, node: Int?, _ name: String, _ versionBefore: Int,
        _ value: TraceValue, _ src: TraceSource?
    ) {
        let event = put(
            .inplace(
                .init(
                    tensor: id, node: node, name: name, versionBefore: versionBefore,
                    versionAfter: tensor.observedVersion, value: value, src: src)))
        writes[storage(tensor)] = event
    }

    /// Writes an operation down: its operands, its results, itself, and that it has run.
    fileprivate mutating func record(
        _ call: ObservedCall, _ values: [TraceValue], _ place: CallPlace?, order: Int,
        elapsed: UInt64, origin: Int?, capture: ValueCapture
    ) {
        let place = sources.place(place)
        let scope = scopes.scope(ScopeStack.current, place.modules, modules)
        putFresh()
        let isInPlace = call.versionBefore != nil
        var inputs: [TraceInput] = []
        var numbers: [Double?] = []
        for (i, tensor) in call.inputs.enumerated() {
            if tensor.isObservedNumber {
                let number = capture.with(.full).value(tensor).scalar
                inputs.append(TraceInput(scalar: number, arg: RecorderState.name(i)))
                numbers.append(number)
                continue
            }
            let version = i == 0 ? call.versionBefore : nil
            let id = operand(tensor, capture)
            inputs.append(
                TraceInput(tensor: id, version: version ?? tensor.observedVersion))
            numbers.append(isInPlace && i == 0 ? nil : number(tensor, capture))
        }
        let tensorCount = inputs.count
        let key = call.info.map { _ in ObjectIdentifier(type(of: call.parameters)) }
        let rule = call.info.map { info in
            self.rule(
                info, key!, tensorCount,
                (call.parameters as? any AnyOperator).map {
                    type(of: $0).differentiability != .constant
                } ?? true)
        }
        let words = operations.words(call.parameters, key.flatMap { rules[$0] })
        for (name, number) in words.numbers {
            inputs.append(TraceInput(scalar: number, arg: name))
        }
        var next: [TraceTarget?] = []
        if let node = call.node {
            next = targets(node)
            while next.count < inputs.count { next.append(nil) }
        }
        let id = nextNode
        nextNode += 1
        var outputs: [(id: Int, value: TraceValue)] = []
        for (i, tensor) in call.outputs.enumerated() {
            let output = result(tensor, values[i], of: id, i)
            outputs.append((output, values[i]))
            results[id, i] = (output, tensor.observedTag)
        }
        var note = NodeNote(
            id: id, order: order, src: place.src, numbers: numbers,
            result: outputs.count == 1 ? outputs[0].value.scalar : nil, ruleKey: key,
            parameters: words.parameters ?? [:],
            inputCount: inputs.count)
        var saved: [TraceSaved] = []
        if let node = call.node {
            saved = self.saved(node, id, call, inputs, outputs.map(\.id), capture)
            note.saved = saved.map { ($0.tensor, $0.version) }
            if let number = node.observedNumber { nodes[number] = note }
        }
        let time = now
        let duration = options.times ? Double(elapsed) / 1000 : nil
        put(
            .node(
                TraceNode(
                    id: id, op: call.name, gradFn: call.node.map { name(of: $0) }, rule: rule,
                    scope: scope, src: place.src, stack: place.stack, inputs: inputs,
                    outputs: outputs.map(\.id), attrs: words.attrs, saved: saved, next: next,
                    order: order,
                    inplace: isInPlace ? true : nil, gradEnabled: call.isRecording,
                    t0: time.map { max($0 - (duration ?? 0), 0) }, dur: duration)))
        put(.forward(TraceEvent.Forward(node: id)))
        if let before = call.versionBefore {
            putWrite(
                call.outputs[0], outputs[0].id, node: id, call.name, before, outputs[0].value,
                place.src)
        }
        if let origin {
            putAnomaly(
                call.outputs[origin], phase: .forward, node: id, tensor: outputs[origin].id,
                run: nil)
        }
    }

    private func number(_ tensor: Tensor, _ capture: ValueCapture) -> Double? {
        tensor.numel == 1 && capture.values != .none ? capture.value(tensor).scalar : nil
    }

    static func name(_ input: Int) -> String {
        input == 0 ? "self" : input == 1 ? "other" : "input \(input)"
    }

    /// What a node keeps, each with the id of the tensor that it is of.
    private mutating func saved(
        _ node: Node, _ id: Int, _ call: ObservedCall, _ inputs: [TraceInput], _ outputs: [Int],
        _ capture: ValueCapture
    ) -> [TraceSaved] {
        var records: [TraceSaved] = []
        for entry in node.observedSaved {
            var name = entry.place
            var tensor: Int?
            let (isInput, isOutput, i) = RecorderState.place(name)
            if isInput, i < call.inputs.count {
                name = RecorderState.name(i)
                // A write in place keeps a copy of what it destroys.
                if call.inputs[i].observedStorage === entry.tensor.observedStorage {
                    tensor = inputs[i].tensor
                }
            } else if isOutput, i < outputs.count {
                name = i == 0 ? "result" : "result \(i)"
                tensor = outputs[i]
            }
            let storage = self.storage(entry.tensor)
            let isShared = ledger.save(
                storage, bytes: entry.tensor.observedStorageBytes, node: id, node,
                cause: call.name, isLeaf: storages.isLeaf(entry.tensor.observedStorageTag))
            records.append(
                TraceSaved(
                    name: name, tensor: tensor ?? operand(entry.tensor, capture),
                    version: entry.version, bytes: entry.tensor.observedStorageBytes,
                    shared: isShared))
        }
        return records
    }

    /// What "input 0" and "output 1" name.
    private static func place(_ text: String) -> (isInput: Bool, isOutput: Bool, Int) {
        let isInput = text.hasPrefix("input ")
        let isOutput = !isInput && text.hasPrefix("output ")
        return (isInput, isOutput, Int(text.drop { $0 != " " }.dropFirst()) ?? 0)
    }

    mutating func putAnomaly(
        _ tensor: Tensor, phase: TraceEvent.Phase, node: Int, tensor id: Int?, run: Int?
    ) {
        let faults = Faults(tensor)
        put(
            .anomaly(
                .init(
                    kind: faults.kind, phase: phase, first: true, node: node, tensor: id, run: run,
                    count: faults.count, index: faults.index)))
    }
}

extension ValueCapture {
    func with(_ values: TraceCapture.Values) -> ValueCapture {
        ValueCapture(values: values, limit: max(limit, 1), bins: bins)
    }
}

/// What is not finite in a tensor.
struct Faults {
    private(set) var kind = "inf"
    private(set) var count = 0
    /// The position of the first, one number a dimension.
    private(set) var index: [Int] = []

    init(_ tensor: Tensor) {
        let value = ValueCapture(values: .full, limit: .max, bins: 0).value(tensor)
        guard case .full(let elements, _) = value else { return }
        var first: Int?
        for (i, x) in elements.enumerated() where !x.isFinite {
            count += 1
            if x.isNaN { kind = "nan" }
            if first == nil { first = i }
        }
        guard var rest = first else { return }
        var index: [Int] = []
        for size in tensor.shape.reversed() {
            index.append(rest % size)
            rest /= size
        }
        self.index = index.reversed()
    }
}
