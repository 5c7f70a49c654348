@testable import AdjointTrace

/// A trace written as a run would write it, for runs that are awkward to have: each operation of
/// one element, and a gradient of 1 for each pass.
struct RunSketch {
    private(set) var document = TraceDocument()
    private var tensors = 0
    private var nodes = 0
    private var events = 0
    private var runs = 0
    private var gradients: [Int: Double] = [:]

    init() {
        document.append(.header(TraceHeader(library: "Adjoint", title: "sketch")))
        let text = (1...99).map { "line \($0)" }.joined(separator: "\n")
        document.append(.file(TraceFile(id: 0, path: "run.swift", text: text)))
    }

    mutating func event(_ body: TraceEvent.Body) {
        document.append(.event(TraceEvent(index: events, body)))
        events += 1
    }

    private func source(_ line: Int?) -> TraceSource? {
        line.map { TraceSource(file: 0, line: $0, column: 1) }
    }

    mutating func leaf(
        _ name: String, dtype: String = "float32", requiresGrad: Bool = true,
        value: TraceValue? = nil
    ) -> Int {
        document.append(
            .tensor(
                TraceTensor(
                    id: tensors, storage: tensors, name: name, role: .parameter, shape: [2],
                    dtype: dtype, requiresGrad: requiresGrad, leaf: true, value: value)))
        tensors += 1
        return tensors - 1
    }

    /// An operation; gradients flow to all inputs that require them, unless `isCut`.
    mutating func op(
        _ name: String, _ inputs: [Int], line: Int? = nil, dtype: String = "float32",
        isCut: Bool = false, gradEnabled: Bool = true, saves: Int = 0, scalar: Double? = nil,
        value: TraceValue? = nil
    ) -> Int {
        let next = inputs.map { input -> TraceTarget? in
            guard !isCut, let tensor = document.tensor(input), tensor.requiresGrad else {
                return nil
            }
            return tensor.producer.map { .node($0.node) } ?? .leaf(input)
        }
        let isRecorded = next.contains { $0 != nil }
        document.append(
            .tensor(
                TraceTensor(
                    id: tensors, storage: tensors, shape: [2], dtype: dtype,
                    requiresGrad: isRecorded, leaf: !isRecorded, producer: .init(node: nodes),
                    value: value)))
        let operands =
            inputs.map { TraceInput(tensor: $0) } + (scalar.map { [.init(scalar: $0)] } ?? [])
        document.append(
            .node(
                TraceNode(
                    id: nodes, op: name, gradFn: isRecorded ? "\(name)Backward" : nil,
                    src: source(line), inputs: operands, outputs: [tensors],
                    saved: saves > 0
                        ? [.init(name: "self", tensor: inputs[0], version: 0, bytes: saves)] : [],
                    next: next + (scalar == nil ? [] : [nil]), gradEnabled: gradEnabled)))
        event(.forward(.init(node: nodes)))
        nodes += 1
        tensors += 1
        return tensors - 1
    }

    /// A pass from `root`, which adds `gradient` to each leaf that it reaches; `after` is what the
    /// trace says that became of it.
    mutating func backward(
        _ root: Int, line: Int? = nil, gradient: Double = 1, after: Double? = nil
    ) {
        event(.backwardBegin(.init(run: runs, roots: [root], src: source(line))))
        var stack = [document.tensor(root)?.producer?.node].compactMap { $0 }
        var seen = Set(stack)
        while let id = stack.popLast(), let node = document.node(id) {
            event(
                .backwardNode(
                    .init(
                        run: runs, node: id, gradOut: [.full([1], exact: true)],
                        gradIn: node.next.map {
                            $0 == nil ? .none(.undefinedGrad) : .full([gradient], exact: true)
                        })))
            for target in node.next {
                switch target {
                case .node(let next, _)?: if seen.insert(next).inserted { stack.append(next) }
                case .leaf(let leaf)?:
                    let before = gradients[leaf]
                    let sum = after ?? (before ?? 0) + gradient
                    gradients[leaf] = sum
                    event(
                        .accumulate(
                            .init(
                                run: runs, tensor: leaf, from: id,
                                before: before.map { .full([$0], exact: true) }
                                    ?? .none(.notComputed),
                                incoming: .full([gradient], exact: true),
                                after: .full([sum], exact: true),
                                mode: before == nil ? .assign : .add)))
                case nil: break
                }
            }
        }
        event(.backwardEnd(.init(run: runs)))
        runs += 1
    }

    mutating func zeroGrad(_ leaf: Int, line: Int? = nil) {
        gradients[leaf] = nil
        event(.zeroGrad(.init(tensor: leaf, setToNone: true, src: source(line))))
    }

    mutating func step(_ leaf: Int, line: Int? = nil) {
        event(.optimStep(.init(tensor: leaf, name: "SGD", src: source(line))))
    }

    /// The findings of some severity or worse.
    func findings(_ severity: TraceFinding.Severity = .note) -> [TraceFinding] {
        document.findings().filter { $0.severity <= severity }
    }
}
