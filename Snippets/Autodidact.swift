// The engine, retold over single numbers. Everything that Sources/AdjointCore/Engine does to
// tensors is here once, in the order in which it is easiest to learn: operations, the record, the
// one door, the pass backward, derivatives of derivatives, forward mode, and letting go.

// MARK: 1. An operation is a value that knows its derivatives

protocol Operation {
    var name: String { get }
    func value(_ inputs: [Double]) -> Double
    /// ∂/∂input i, written with Numbers, so that it can be differentiated again.
    func partial(_ i: Int, _ saved: [Number]) -> Number
    /// False where the derivative reads no input: then nothing is kept for it.
    var savesInputs: Bool { get }
}

struct Add: Operation {
    let name = "add", savesInputs = false
    func value(_ inputs: [Double]) -> Double { inputs[0] + inputs[1] }
    func partial(_ i: Int, _ saved: [Number]) -> Number { Number(1) }
}

struct Multiply: Operation {
    let name = "multiply", savesInputs = true
    func value(_ inputs: [Double]) -> Double { inputs[0] * inputs[1] }
    func partial(_ i: Int, _ saved: [Number]) -> Number { saved[1 - i] }
}

/// xⁿ. The exponent is a property, not an input: it takes no gradient.
struct Power: Operation {
    let name = "power", savesInputs = true
    let exponent: Int

    func value(_ inputs: [Double]) -> Double {
        (0..<exponent).reduce(1) { product, _ in product * inputs[0] }
    }
    func partial(_ i: Int, _ saved: [Number]) -> Number {
        exponent == 0 ? Number(0) : Number(Double(exponent)) * saved[0].power(exponent - 1)
    }
}

extension Number {
    static func + (a: Number, b: Number) -> Number { apply(Add(), [a, b]) }
    static func * (a: Number, b: Number) -> Number { apply(Multiply(), [a, b]) }
    func power(_ n: Int) -> Number { apply(Power(exponent: n), [self]) }
}

// MARK: 2. The record: numbers, and the nodes that made them

final class Number {
    let value: Double
    /// True for a leaf that wants a gradient.
    let isWatched: Bool
    var grad: Number?
    /// What made this number, where that was recorded.
    fileprivate(set) var producer: Node?
    /// Forward mode: the derivative by the one variable of `slope(of:at:)`.
    fileprivate var tangent: Number?

    init(_ value: Double, requiresGrad: Bool = false) {
        self.value = value
        isWatched = requiresGrad
    }

    var requiresGrad: Bool { isWatched || producer != nil }

    deinit { Reaper.release(&producer) }
}

/// One recorded operation. An edge leads to where the gradient of an input goes.
final class Node {
    enum Edge {
        case nowhere
        case node(Node)
        case leaf(Number)
    }

    let operation: any Operation
    fileprivate(set) var edges: [Edge]
    /// The inputs that the derivatives read; nil once a pass has freed them.
    fileprivate(set) var saved: [Number]?

    fileprivate init(_ operation: any Operation, _ inputs: [Number]) {
        self.operation = operation
        saved = operation.savesInputs ? inputs : []
        edges = inputs.map { input in
            if let producer = input.producer { return .node(producer) }
            return input.isWatched ? .leaf(input) : .nowhere
        }
    }

    deinit {
        for edge in edges {
            if case .node(let node) = edge { Reaper.keep(node) }
        }
    }
}

// MARK: 3. The one door

enum Mode {
    /// Whether operations are recorded. It follows the task, so that no `await` loses it.
    @TaskLocal static var isRecording = true
}

func noGrad<R>(_ body: () throws -> R) rethrows -> R {
    try Mode.$isRecording.withValue(false, operation: body)
}

/// Every operation passes here: it is computed, recorded if anybody wants its gradient, and its
/// tangent is pushed along if an input has one.
func apply(_ operation: any Operation, _ inputs: [Number]) -> Number {
    let result = Number(operation.value(inputs.map(\.value)))
    if Mode.isRecording, inputs.contains(where: \.requiresGrad) {
        result.producer = Node(operation, inputs)
    }
    if inputs.contains(where: { $0.tangent != nil }) {
        // What the partial derivatives read are the numbers without their tangents.
        let plain = inputs.map { $0.tangent == nil ? $0 : Number($0.value) }
        for (i, input) in inputs.enumerated() {
            guard let tangent = input.tangent else { continue }
            let term = operation.partial(i, plain) * tangent
            result.tangent = result.tangent.map { $0 + term } ?? term
        }
    }
    return result
}

// MARK: 4. The pass backward

extension Number {
    /// Adds d(self)/d(leaf) to the `grad` of every watched leaf. With `createGraph` the pass is
    /// itself recorded, and what the graph saved stays for another.
    func backward(createGraph: Bool = false) {
        guard let root = producer else { fatalError("nothing was recorded for this number") }
        Mode.$isRecording.withValue(createGraph) {
            var waiting = Number.countGradients(into: root)
            var gradients = [ObjectIdentifier(root): Number(1)]
            var ready = [root]
            // No recursion: a graph may be deeper than the stack.
            while let node = ready.popLast() {
                let gradient = gradients.removeValue(forKey: ObjectIdentifier(node))!
                guard let saved = node.saved else {
                    fatalError("a second pass through \(node.operation.name), which was freed")
                }
                for (i, edge) in node.edges.enumerated() {
                    switch edge {
                    case .nowhere: break
                    case .leaf(let leaf):
                        let term = gradient * node.operation.partial(i, saved)
                        leaf.grad = leaf.grad.map { $0 + term } ?? term
                    case .node(let next):
                        let id = ObjectIdentifier(next)
                        let term = gradient * node.operation.partial(i, saved)
                        gradients[id] = gradients[id].map { $0 + term } ?? term
                        waiting[id]! -= 1
                        if waiting[id] == 0 { ready.append(next) }
                    }
                }
                if !createGraph { node.saved = nil }
            }
        }
    }

    /// How many gradients arrive at each node. A node runs when its last one is there.
    private static func countGradients(into root: Node) -> [ObjectIdentifier: Int] {
        var counts: [ObjectIdentifier: Int] = [:]
        var pending = [root]
        while let node = pending.popLast() {
            for case .node(let next) in node.edges {
                if counts[ObjectIdentifier(next)] == nil { pending.append(next) }
                counts[ObjectIdentifier(next), default: 0] += 1
            }
        }
        return counts
    }
}

// MARK: 5. Forward mode, from the same partial derivatives

/// df/dx at `x`, in one pass forward.
func slope(of f: (Number) -> Number, at x: Double) -> Double {
    let variable = Number(x)
    variable.tangent = Number(1)
    return f(variable).tangent?.value ?? 0
}

// MARK: 6. Letting go

/// Frees chains of nodes one by one: each frees the next from within its `deinit`, and a stack
/// holds some thousands of those, where a graph may be a million nodes deep.
enum Reaper {
    // One thread only; the library's own keeps a list for each.
    nonisolated(unsafe) private static var list: [Node]?

    static func keep(_ node: Node) { list?.append(node) }

    static func release(_ slot: inout Node?) {
        guard slot != nil else { return }
        let isOutermost = list == nil
        if isOutermost { list = [] }
        list!.append(slot.take()!)
        guard isOutermost else { return }
        while let last = list!.popLast() { _ = last }
        list = nil
    }
}

// MARK: What it does

let a = Number(2, requiresGrad: true)
let b = Number(3, requiresGrad: true)
let c = a + b
let d = c * a
d.backward()
print(d.value, d.producer!.operation.name)  // prints: 10.0 multiply
print(a.grad!.value, b.grad!.value)  // prints: 7.0 2.0

// A derivative that was recorded is a number like others: (x³)' = 3x² = 12, (x³)'' = 6x = 12.
let x = Number(2, requiresGrad: true)
x.power(3).backward(createGraph: true)
let first = x.grad!
x.grad = nil
first.backward()
print(first.value, x.grad!.value)  // prints: 12.0 12.0

print(slope(of: { $0.power(3) + $0 * $0 }, at: 2))  // prints: 16.0
print(noGrad { a * b }.requiresGrad)  // prints: false

func deepChain(_ count: Int) -> Double {
    let start = Number(1, requiresGrad: true)
    var end = start
    for _ in 0..<count { end = end + start }
    end.backward()
    return start.grad!.value
}
print(deepChain(200_000))  // prints: 200001.0
