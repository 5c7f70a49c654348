/// What an operation kept, handed to its derivative: a view of the node in reverse mode, of the
/// operands in forward mode. Reading what was not declared is an error.
public struct Saved {
    private let node: Node?
    private let live: LiveSaved?
    /// True where the derivative itself is recorded: what was kept then has its history.
    private let isRecording: Bool

    init(_ node: Node, recording: Bool) {
        self.node = node
        live = nil
        isRecording = recording
    }

    init(_ live: LiveSaved, of node: Node? = nil) {
        self.node = node
        self.live = live
        isRecording = true
    }

    /// Input `i`.
    public subscript(i: Int) -> Tensor { kept(i) ?? undeclared("input \(i)") }

    /// Input `i`, or nil where it was not kept: nothing that is wanted needs it.
    public func kept(_ i: Int) -> Tensor? {
        node?.savedInput(i, linked: isRecording) ?? live?.inputs[i]
    }

    /// The result.
    public var output: Tensor { output(0) }

    /// Result `i`.
    public func output(_ i: Int) -> Tensor {
        (node?.savedOutput(i, linked: isRecording) ?? live?.outputs[i])
            ?? undeclared("output \(i)")
    }

    /// The shape of input `i`, which is known where its gradient is wanted.
    public func sizes(_ i: Int) -> Dims { spec(i).sizes }

    /// The dtype of input `i`, which is known where its gradient is wanted.
    public func dtype(_ i: Int) -> DType { spec(i).dtype }

    private func spec(_ i: Int) -> TensorSpec {
        guard let node else {
            guard let primals = live?.primals, primals.indices.contains(i) else {
                return undeclared("the shape of input \(i)").spec
            }
            return primals[i].spec
        }
        guard i >= 0, i < node.edges.count, let next = node.edges[i].node else {
            return undeclared("the shape of input \(i)").spec
        }
        return next.outputSpec(Int(node.edges[i].index))
    }

    @inline(never)
    private func undeclared(_ what: String) -> Tensor {
        Failure.poison(
            TensorError(
                .autograd,
                "the derivative of \(node?.name ?? "an operation") reads \(what), which it did not "
                    + "declare in saves(for:)", operation: node?.operationName))
    }
}

/// The operands of a forward-mode rule, or what saved-tensor hooks gave back to a node.
final class LiveSaved {
    let primals: Operands?
    var inputs = TensorSlots()
    var outputs = TensorSlots()

    init(_ primals: Operands? = nil) { self.primals = primals }
}

/// A tensor kept by a node, and how often its memory had been written to by then.
struct SavedTensor {
    var tensor: Tensor?
    var version = 0

    init() {}

    init(_ tensor: Tensor) {
        self.tensor = tensor
        version = tensor.writeCount
    }

    @inline(__always)
    var isIntact: Bool { tensor.map { $0.writeCount == version } ?? true }
}

/// Everything that one node keeps: two inputs and a result in place, more in a list.
struct SavedTensors {
    private final class More {
        var inputs: [SavedTensor] = []
        var outputs: [SavedTensor] = []
    }

    private var a = SavedTensor()
    private var b = SavedTensor()
    private var output = SavedTensor()
    private var more: More?
    private(set) var isEmpty = true

    init() {}

    /// Keeps what `set` names of two operands and their result.
    @inline(__always)
    mutating func keep(_ set: SavedSet, _ first: Tensor, _ second: Tensor?, _ result: Tensor) {
        if set.rawValue == 0 { return }
        isEmpty = false
        if set.contains(.input) { a = SavedTensor(first.forSaving) }
        if set.contains(.second), let second { b = SavedTensor(second.forSaving) }
        if set.contains(.output) { output = SavedTensor(result.outputAlias) }
    }

    /// Keeps what `set` names. A result is kept as an alias without history, since the result
    /// itself holds the node that keeps it.
    init(_ set: SavedSet, _ inputs: Operands, _ outputs: [Tensor]) {
        let bits = set.rawValue
        if bits == 0 { return }
        isEmpty = false
        if bits & 1 != 0 { a = SavedTensor(inputs[0].forSaving) }
        if bits & 2 != 0, inputs.count > 1 { b = SavedTensor(inputs[1].forSaving) }
        if set.contains(.output), let first = outputs.first {
            output = SavedTensor(first.outputAlias)
        }
        if inputs.count > 2 || outputs.count > 1 {
            let more = More()
            for i in 2..<Swift.max(inputs.count, 2) {
                more.inputs.append(
                    set.contains(.input(Swift.min(i, 47)))
                        ? SavedTensor(inputs[i].forSaving) : SavedTensor())
            }
            for i in 1..<Swift.max(outputs.count, 1) {
                more.outputs.append(
                    set.contains(.output(i)) ? SavedTensor(outputs[i].outputAlias) : SavedTensor())
            }
            self.more = more
        }
    }

    mutating func keepOutput(_ output: Tensor) {
        self.output = SavedTensor(output.outputAlias)
        isEmpty = false
    }

    @inline(__always)
    func input(_ i: Int) -> SavedTensor {
        switch i {
        case 0: a
        case 1: b
        default: more.flatMap { i - 2 < $0.inputs.count ? $0.inputs[i - 2] : nil } ?? SavedTensor()
        }
    }

    @inline(__always)
    func output(_ i: Int) -> SavedTensor {
        if i == 0 { return output }
        return more.flatMap { i - 1 < $0.outputs.count ? $0.outputs[i - 1] : nil } ?? SavedTensor()
    }

    /// Checks that nobody has written to what was kept.
    @inline(__always)
    func check(_ node: Node) throws(TensorError) {
        if a.isIntact, b.isIntact, output.isIntact, more == nil { return }
        try checkAll(node)
    }

    @inline(never)
    private func checkAll(_ node: Node) throws(TensorError) {
        let inputs = [a, b] + (more?.inputs ?? [])
        let outputs = [output] + (more?.outputs ?? [])
        for (i, saved) in inputs.enumerated() where !saved.isIntact {
            throw Modified.error(saved, node, "input \(i)")
        }
        for (i, saved) in outputs.enumerated() where !saved.isIntact {
            throw Modified.error(saved, node, "output \(i)")
        }
    }

    /// Hands what is kept to `body`, with its place; what `body` takes is kept no more.
    mutating func hand(
        _ body: (Place, SavedTensor) throws(TensorError) -> Bool
    ) throws(TensorError) {
        if a.tensor != nil, try body(.input(0), a) { a = SavedTensor() }
        if b.tensor != nil, try body(.input(1), b) { b = SavedTensor() }
        if let more {
            for i in more.inputs.indices where more.inputs[i].tensor != nil {
                if try body(.input(i + 2), more.inputs[i]) { more.inputs[i] = SavedTensor() }
            }
        }
        if output.tensor != nil, try body(.output(0), output) { output = SavedTensor() }
        if let more {
            for i in more.outputs.indices where more.outputs[i].tensor != nil {
                if try body(.output(i + 1), more.outputs[i]) { more.outputs[i] = SavedTensor() }
            }
        }
    }
}

/// Which of an operation's tensors was saved.
enum Place {
    case input(Int)
    case output(Int)

    var text: String {
        switch self {
        case .input(let i): "input \(i)"
        case .output(let i): "output \(i)"
        }
    }
}

extension Tensor {
    /// What a node may hold of this tensor. A tensor with a gradient, hooks or a base is held as
    /// an alias: through them it could reach the node, and a cycle would never be freed.
    @inline(__always)
    var forSaving: Tensor {
        if state == nil && base == nil { return self }
        return aliasForSaving
    }

    @inline(never)
    private var aliasForSaving: Tensor {
        state?.savedAlias(of: self) ?? alias(linkedTo: edge)
    }

    /// This result without its history, for the node that makes it.
    var outputAlias: Tensor {
        let alias = alias()
        if flags.contains(.dual) { alias.copyTangents(from: self) }
        return alias
    }

    /// A handle on the same elements whose history starts at `edge`.
    func alias(linkedTo edge: Edge) -> Tensor {
        let alias = alias()
        alias.producer = edge.node
        alias.outputIndex = edge.index
        if flags.contains(.dual) { alias.copyTangents(from: self) }
        return alias
    }
}
