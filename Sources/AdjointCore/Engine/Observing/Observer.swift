/// Somebody who wants to know what the library does, such as the recorder of traces. The engine
/// tells, and takes nothing back: an observer changes no result.
///
/// Calls come from whatever task is observed, several at a time. What is handed over may be read
/// until the call returns; an observer that kept tensors would keep graphs alive.
package protocol Observer: AnyObject, Sendable {
    /// An operation has computed its results.
    func didApply(_ call: ObservedCall)
    /// `tensor` was written to by something that is no operation.
    func didWrite(_ tensor: Tensor, by name: String, versionBefore: Int)
    /// `result` is `source` without its history.
    func didDetach(_ result: Tensor, from source: Tensor)
    /// A backward pass begins.
    func passWillBegin(_ pass: ObservedPass) -> any PassObserver
    /// The gradient of `tensor` is nil now, or zeros.
    func didClearGradient(of tensor: Tensor, setToNone: Bool)
    /// An optimiser has changed `parameter` in its `step`th step.
    func didStep(_ parameter: Tensor, by optimizer: String, step: Int, versionBefore: Int)
    /// A mistake is about to be told.
    func didFail(_ error: TensorError)
}

/// Who is told of one backward pass.
package protocol PassObserver: AnyObject, Sendable {
    /// The derivative of a node has run.
    func didRun(_ run: ObservedRun)
    /// A hook has put another gradient in the place of the one that came to `node`.
    func didReplaceGradient(of node: Node)
    /// A gradient is handed on to another node.
    func didHandOn(
        _ gradient: Tensor, from node: Node, _ input: Int, to target: Node, _ output: Int)
    /// A gradient is about to be added to what has come to a leaf so far in this pass.
    func willGather(
        _ gradient: Tensor, from node: Node?, _ input: Int, to sink: AccumulateGrad, sum: Tensor?)
    /// It was added, and `sum` is what the leaf has got in this pass.
    func didGather(_ sum: Tensor)
    /// A tensor's `grad` is about to change.
    func willAccumulate(_ incoming: Tensor, into place: GradientPlace, before: Tensor?)
    func didAccumulate(_ after: Tensor?)
    /// A node has given back what it saved.
    func didFree(_ node: Node)
    /// The pass has ended, by an error if `error` is one.
    func didEnd(_ error: TensorError?)
}

/// Whose `grad` a pass changes.
package enum GradientPlace {
    case leaf(AccumulateGrad)
    /// A computed tensor that retains its gradient, or was named as an input of the pass.
    case output(Node, Int)
    case tensor(Tensor)
}

/// The call of an operation.
package struct ObservedCall {
    /// The public name: "add", "add_".
    package let name: String
    package let info: OpInfo?
    /// The operation itself, whose stored properties are its parameters.
    package let parameters: Any
    package let inputs: [Tensor]
    package let outputs: [Tensor]
    /// What was recorded; nil where nothing was.
    package let node: Node?
    /// Of a write in place: the writes to the first input before it.
    package var versionBefore: Int?
    /// True where operations on tensors that require gradients are recorded.
    package let isRecording: Bool
    /// The pass whose derivatives or hooks make the call.
    package let pass: (any PassObserver)?

    init(
        _ name: String, _ info: OpInfo?, _ parameters: Any, _ inputs: [Tensor],
        _ outputs: [Tensor], _ node: Node?, versionBefore: Int? = nil, _ mode: Mode
    ) {
        self.name = name
        self.info = info
        self.parameters = parameters
        self.inputs = inputs
        self.outputs = outputs
        self.node = node
        self.versionBefore = versionBefore
        isRecording = mode.records
        pass = mode.pass?.observation
    }
}

/// What a backward pass was asked for.
package struct ObservedPass {
    /// Where it starts: the nodes, which of their outputs, and the gradients.
    package let roots: [(node: Node, output: Int, gradient: Tensor)]
    package let retainsGraph: Bool
    package let createsGraph: Bool
    /// False where the gradients of named tensors are handed out and no leaf gets any.
    package let fillsLeaves: Bool
}

/// One run of a node's derivative.
package struct ObservedRun {
    package let node: Node
    /// The gradients of the outputs.
    package let arrived: [Tensor?]
    /// Those of the inputs, in the inputs' shapes and dtypes; nil where none is wanted.
    package let results: [Tensor?]
    /// Their shapes as the derivative gave them, before sums over what was broadcast.
    package let shapes: [[Int]?]
    package let wanted: InputSet
}

/// Runs `body`, in which `observer` is told of what this task does; nil for nobody.
package func observing<R>(_ observer: (any Observer)?, _ body: () throws -> R) rethrows -> R {
    let mode = Mode.current
    var watchers = mode.watchers
    watchers.observer = observer
    return try mode.with(watchers: watchers).run(body)
}

/// The asynchronous form.
package func observing<R>(
    _ observer: (any Observer)?, isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> R
) async rethrows -> R {
    let mode = Mode.current
    var watchers = mode.watchers
    watchers.observer = observer
    return try await mode.with(watchers: watchers).run(isolation: isolation, body)
}

/// Who observes this task; nil for nobody, which costs a look at a flag.
package var currentObserver: (any Observer)? { Mode.current.watchers.observer }
