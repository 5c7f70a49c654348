import AdjointCore
import Synchronization

extension Recorder {
    func passWillBegin(_ pass: ObservedPass) -> any PassObserver {
        let place = options.stacks == .none ? nil : CallPlace()
        let begun = update { state -> (run: Int, order: Int) in
            let run = state.nextRun
            state.nextRun += 1
            var order = 1
            var roots: [Int] = []
            for root in pass.roots {
                if let sink = root.node as? AccumulateGrad {
                    roots.append(state.leaf(sink))
                    continue
                }
                roots.append(state.result(root.node, root.output))
                if let number = root.node.observedNumber, let note = state.nodes[number] {
                    order = max(order, note.order)
                }
            }
            let src = state.place(place).src
            state.putMemory()
            state.put(
                .backwardBegin(
                    .init(
                        run: run, roots: roots,
                        gradOut: pass.roots.map { capture.value($0.gradient) },
                        retainGraph: pass.retainsGraph, createGraph: pass.createsGraph, src: src)))
            return (run, order + 1)
        }
        return PassRecorder(
            self, run: begun.run, order: begun.order, fillsLeaves: pass.fillsLeaves,
            roots: pass.roots.map { ($0.node, $0.output) })
    }
}

/// Writes one backward pass down.
final class PassRecorder: PassObserver, @unchecked Sendable {
    private let recorder: Recorder
    private let run: Int
    /// The order of operations that the pass records: one more than that of its roots.
    let order: Int
    private let fillsLeaves: Bool
    private let lock = Mutex(())
    /// Touched under the lock alone.
    private var stored = Book()

    private struct Book {
        /// For each leaf, whether what comes is its gradient at once.
        var isDirect: [ObjectIdentifier: Bool] = [:]
        /// A contribution on its way.
        var gathering: Gathering?
        /// A change of a `grad` on its way.
        var changing: Changing?
        /// The gradients that the node at work has given, and their values: each is met again when
        /// it is handed on.
        var given: [(gradient: ObjectIdentifier, value: TraceValue)] = []
        /// What was handed on to a node that has not run yet; nil inside where more than one
        /// gradient was, and what the node gets is their sum.
        var handed: [Place: Handed?] = [:]
        /// The leaf whose gradient was told as it came.
        var settled: Int?
        /// The leaf for which a gradient is on its way that is handed out to the caller.
        var asked: Int?
    }

    /// An output of a node, to which gradients come.
    private struct Place: Hashable {
        let node: ObjectIdentifier
        let output: Int
    }

    private struct Handed {
        let gradient: ObjectIdentifier
        let version: Int
        let value: TraceValue
    }

    private struct Gathering {
        let tensor: Int
        let from: Int?
        let input: Int
        let before: TraceValue?
        let incoming: TraceValue
    }

    private struct Changing {
        let tensor: Int
        let isLeaf: Bool
        let before: TraceValue?
        let incoming: TraceValue
    }

    init(
        _ recorder: Recorder, run: Int, order: Int, fillsLeaves: Bool,
        roots: [(node: Node, output: Int)]
    ) {
        self.recorder = recorder
        self.run = run
        self.order = order
        self.fillsLeaves = fillsLeaves
        // They have their first gradient already.
        for root in roots {
            let place = Place(node: ObjectIdentifier(root.node), output: root.output)
            stored.handed[place] = .some(nil)
        }
    }

    private func book<R>(_ body: (inout Book) -> R) -> R {
        var result: R?
        lock.withLock { _ in result = body(&stored) }
        return result!
    }

    private var capture: ValueCapture { recorder.capture }

    /// The value of a gradient. What was asked for last is remembered while the node's gradients
    /// are handed on.
    private func value(_ gradient: Tensor) -> TraceValue {
        let id = ObjectIdentifier(gradient)
        return book { $0.given.first { $0.gradient == id }?.value } ?? capture.value(gradient)
    }

    func didRun(_ run: ObservedRun) {
        let node = run.node
        // The sink of a leaf that is an input of the pass: what it got is told as it is added.
        if node is AccumulateGrad { return }
        let results = run.results.map { $0.map { capture.value($0) } }
        book { book in
            book.given = zip(run.results, results).compactMap { gradient, value in
                gradient.flatMap { gradient in value.map { (ObjectIdentifier(gradient), $0) } }
            }
        }
        let locals = localDerivatives(run)
        let arrived = run.arrived.indices.map { arrivedValue(run, $0) }
        let isOrigin = origin(run, arrived, results)
        recorder.update { state in
            let id = state.define(node)
            let note = node.observedNumber.flatMap { state.nodes[$0] }
            let words = LocalWords(run, note, note?.ruleKey.flatMap { state.rules[$0] })
            var local: [TraceLocal?] = run.results.indices.map { i in
                guard run.wanted.contains(i), run.results[i] != nil else { return nil }
                return words.local(
                    i, locals[i], arrived, results[i] ?? .none(.notCaptured), &state.words)
            }
            var gradIn = results.map { $0 ?? .none(.undefinedGrad) }
            while gradIn.count < note?.inputCount ?? 0 {
                gradIn.append(.none(.undefinedGrad))
                local.append(nil)
            }
            let event = state.put(
                .backwardNode(
                    .init(
                        run: self.run, node: id, gradOut: arrived, gradIn: gradIn, local: local)))
            if let number = node.observedNumber { state.nodes[number]?.freedAt = event }
            if let isOrigin {
                state.putAnomaly(
                    isOrigin, phase: .backward, node: id, tensor: nil, run: self.run)
            }
        }
    }

    /// The gradient that came to output `i`: what was handed on, where it is that very tensor.
    private func arrivedValue(_ run: ObservedRun, _ i: Int) -> TraceValue {
        guard let gradient = run.arrived[i] else { return capture.value(nil) }
        let place = Place(node: ObjectIdentifier(run.node), output: i)
        let handed = book { $0.handed.removeValue(forKey: place) ?? nil }
        if let handed, handed.gradient == ObjectIdentifier(gradient),
            handed.version == gradient.observedVersion
        {
            return handed.value
        }
        return capture.value(gradient)
    }

    /// The first gradient that is not finite, where all that came are.
    private func origin(_ run: ObservedRun, _ arrived: [TraceValue], _ results: [TraceValue?])
        -> Tensor?
    {
        guard
            let i = run.results.indices.first(where: { i in
                guard let gradient = run.results[i] else { return false }
                return !(results[i]?.isFinite(gradient) ?? gradient.isFinite)
            })
        else { return nil }
        let cameFinite = run.arrived.indices.allSatisfy { i in
            run.arrived[i].map { arrived[i].isFinite($0) } ?? true
        }
        return cameFinite ? run.results[i] : nil
    }

    /// The derivative of a pointwise operation at what it saved, where it is small.
    private func localDerivatives(_ run: ObservedRun) -> [TraceValue?] {
        let node = run.node
        let isSmall = node.observedOutputs.allSatisfy { $0.sizes.product <= 64 }
        guard isSmall, node.isPointwise, capture.values != .none else {
            return run.results.map { _ in nil }
        }
        return run.results.indices.map { i in
            guard run.wanted.contains(i) else { return nil }
            return node.localDerivative(wrt: i).map { capture.value($0) }
        }
    }

    func didReplaceGradient(of node: Node) {
        let key = ObjectIdentifier(node)
        book { book in
            for place in book.handed.keys where place.node == key { book.handed[place] = nil }
        }
        recorder.update { state in
            if let sink = node as? AccumulateGrad {
                let tensor = state.leaf(sink)
                state.put(.note(.init(text: PassRecorder.hookText, tensor: tensor)))
            } else {
                let id = state.define(node)
                state.put(.note(.init(text: PassRecorder.hookText, node: id)))
            }
        }
    }

    static let hookText = "a hook has put another gradient in the place of the one that came here"

    func didHandOn(
        _ gradient: Tensor, from node: Node, _ input: Int, to target: Node, _ output: Int
    ) {
        let value = value(gradient)
        let place = Place(node: ObjectIdentifier(target), output: output)
        book { book in
            let isFirst = book.handed[place] == nil
            book.handed[place] = .some(
                isFirst
                    ? Handed(
                        gradient: ObjectIdentifier(gradient), version: gradient.observedVersion,
                        value: value) : nil)
        }
        recorder.update { state in
            let (from, to) = (state.define(node), state.define(target))
            state.put(
                .edge(
                    .init(
                        run: run, from: from, input: input, to: .node(to, out: output),
                        value: value)))
        }
    }

    func willGather(
        _ gradient: Tensor, from node: Node?, _ input: Int, to sink: AccumulateGrad, sum: Tensor?
    ) {
        let incoming = value(gradient)
        let key = ObjectIdentifier(sink)
        let isDirect =
            book { $0.isDirect[key] } ?? (fillsLeaves && sink.takesGradientsAsTheyCome)
        let before = isDirect ? sum.map { capture.value($0) } : nil
        let ids = recorder.update { state -> (tensor: Int, from: Int?) in
            let tensor = state.leaf(sink)
            let from = node.map { state.define($0) }
            if !isDirect, let from {
                state.put(
                    .edge(
                        .init(
                            run: run, from: from, input: input, to: .leaf(tensor), value: incoming))
                )
            }
            return (tensor, from)
        }
        book { book in
            book.isDirect[key] = isDirect
            book.asked = fillsLeaves ? nil : ids.tensor
            book.gathering =
                isDirect
                ? Gathering(
                    tensor: ids.tensor, from: ids.from, input: input, before: before,
                    incoming: incoming) : nil
        }
    }

    func didGather(_ sum: Tensor) {
        if let leaf = book({ $0.asked.take() }) {
            // The caller may get this very tensor, and give it a name.
            let tag = sum.needObservedTag()
            recorder.update { $0.gradients[tag] = leaf }
        }
        guard let gathering = book({ $0.gathering.take() }) else { return }
        let after = gathering.before == nil ? gathering.incoming : capture.value(sum)
        recorder.update { state in
            state.put(
                .accumulate(
                    .init(
                        run: run, tensor: gathering.tensor, from: gathering.from,
                        input: gathering.from.map { _ in gathering.input },
                        before: gathering.before ?? .none(.notComputed),
                        incoming: gathering.incoming, after: after,
                        mode: gathering.before == nil ? .assign : .add)))
        }
    }

    func willAccumulate(_ incoming: Tensor, into place: GradientPlace, before: Tensor?) {
        var isLeaf = false
        if case .leaf(let sink) = place {
            isLeaf = true
            // Told already, as it came.
            let isDirect = book { $0.isDirect[ObjectIdentifier(sink)] ?? false }
            if isDirect, before == nil {
                let tensor = recorder.update { $0.leaf(sink) }
                book {
                    $0.changing = nil
                    $0.given = []
                    $0.settled = tensor
                }
                return
            }
        }
        let values = (before.map { capture.value($0) }, capture.value(incoming))
        let tensor = recorder.update { state in
            switch place {
            case .leaf(let sink): state.leaf(sink)
            case .output(let node, let output): state.result(node, output)
            case .tensor(let tensor): state.operand(tensor, capture)
            }
        }
        book {
            $0.changing = Changing(
                tensor: tensor, isLeaf: isLeaf, before: values.0, incoming: values.1)
        }
    }

    func didAccumulate(_ after: Tensor?) {
        let (changing, settled) = book { ($0.changing.take(), $0.settled.take()) }
        guard let after else { return }
        let tag = after.needObservedTag()
        recorder.update { state in
            if let tensor = changing?.tensor ?? settled { state.gradients[tag] = tensor }
            guard let changing else { return }
            let value = changing.before == nil ? changing.incoming : capture.value(after)
            state.put(
                .accumulate(
                    .init(
                        run: run, tensor: changing.tensor,
                        before: changing.before ?? .none(.notComputed),
                        incoming: changing.incoming, after: value,
                        mode: changing.before == nil ? .assign : .add)))
        }
    }

    func didFree(_ node: Node) {
        recorder.update { state in
            guard let number = node.observedNumber, let note = state.nodes[number],
                !note.saved.isEmpty, let bytes = state.ledger.free(note.id)
            else { return }
            state.nodes[number]!.freedAt = state.put(
                .free(.init(run: run, node: note.id, bytes: bytes)))
        }
    }

    func didEnd(_ error: TensorError?) {
        recorder.update { state in
            state.put(.backwardEnd(.init(run: run, failed: error != nil)))
            state.failedRun = error == nil ? nil : run
            state.putMemory()
        }
    }
}

extension RecorderState {
    /// Tells what graphs hold, where it has changed.
    mutating func putMemory() {
        ledger.sweep()
        let total = ledger.total
        if total == lastMemory { return }
        lastMemory = total
        put(.mem(.init(bytes: total, mem: ledger.byCause)))
    }
}
