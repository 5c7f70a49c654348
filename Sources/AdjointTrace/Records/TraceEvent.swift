/// Something that happened. The index is the clock: strictly increasing, from 0.
public struct TraceEvent: Sendable, Equatable {
    /// Its place in the order of events, from 0.
    public var index: Int
    /// Microseconds since the beginning of the trace.
    @SameNumber public var us: Double?
    /// What happened.
    public var body: Body

    /// An event, at a time or without one.
    public init(index: Int, us: Double? = nil, _ body: Body) {
        self.index = index
        self.us = us
        self.body = body
    }

    /// What happened, with what belongs to it.
    public enum Body: Sendable, Equatable {
        /// A node has computed its results.
        case forward(Forward)
        /// A backward pass begins.
        case backwardBegin(BackwardBegin)
        /// The derivative of a node has run.
        case backwardNode(BackwardNode)
        /// A gradient has arrived at a node, or at a leaf that will add it at the end.
        case edge(Edge)
        /// A leaf's gradient has changed.
        case accumulate(Accumulate)
        /// A node has given back what it saved.
        case free(Free)
        /// A backward pass has ended.
        case backwardEnd(BackwardEnd)
        /// A tensor was written to.
        case inplace(InPlace)
        /// A tensor's gradient was emptied.
        case zeroGrad(ZeroGrad)
        /// An optimiser has changed a parameter.
        case optimStep(OptimStep)
        /// The program goes on with gradients recorded, or not.
        case gradMode(GradMode)
        /// The bytes that graphs hold have changed.
        case mem(Memory)
        /// A number of a training run.
        case metric(Metric)
        /// A NaN or an infinity was made.
        case anomaly(Anomaly)
        /// A mistake that the library has reported.
        case error(Failure)
        /// Words for the reader.
        case note(Note)
        /// A round of a loop begins.
        case loop(Loop)
    }

    /// The name of the kind in the file, its field `e`.
    public enum Kind: String, Sendable, CaseIterable {
        /// See `Forward`.
        case forward
        /// See `BackwardBegin`.
        case backwardBegin = "backward.begin"
        /// See `BackwardNode`.
        case backwardNode = "backward.node"
        /// See `Edge`.
        case edge
        /// See `Accumulate`.
        case accumulate
        /// See `Free`.
        case free
        /// See `BackwardEnd`.
        case backwardEnd = "backward.end"
        /// See `InPlace`.
        case inplace
        /// See `ZeroGrad`.
        case zeroGrad = "zero_grad"
        /// See `OptimStep`.
        case optimStep = "optim.step"
        /// See `GradMode`.
        case gradMode = "grad_mode"
        /// See `Memory`.
        case mem
        /// See `Metric`.
        case metric
        /// See `Anomaly`.
        case anomaly
        /// See `Failure`.
        case error
        /// See `Note`.
        case note
        /// See `Loop`.
        case loop
    }

    /// The kind of `body`.
    public var kind: Kind {
        switch body {
        case .forward: .forward
        case .backwardBegin: .backwardBegin
        case .backwardNode: .backwardNode
        case .edge: .edge
        case .accumulate: .accumulate
        case .free: .free
        case .backwardEnd: .backwardEnd
        case .inplace: .inplace
        case .zeroGrad: .zeroGrad
        case .optimStep: .optimStep
        case .gradMode: .gradMode
        case .mem: .mem
        case .metric: .metric
        case .anomaly: .anomaly
        case .error: .error
        case .note: .note
        case .loop: .loop
        }
    }

    /// The backward pass that the event belongs to.
    public var run: Int? {
        switch body {
        case .backwardBegin(let e): e.run
        case .backwardNode(let e): e.run
        case .edge(let e): e.run
        case .accumulate(let e): e.run
        case .free(let e): e.run
        case .backwardEnd(let e): e.run
        case .anomaly(let e): e.run
        case .error(let e): e.run
        default: nil
        }
    }

    /// The node that the event is about; of an edge the one that the gradient comes from.
    public var node: Int? {
        switch body {
        case .forward(let e): e.node
        case .backwardNode(let e): e.node
        case .edge(let e): e.from
        case .accumulate(let e): e.from
        case .free(let e): e.node
        case .inplace(let e): e.node
        case .anomaly(let e): e.node
        case .error(let e): e.node
        case .note(let e): e.node
        default: nil
        }
    }

    /// The tensor that the event is about.
    public var tensor: Int? {
        switch body {
        case .accumulate(let e): e.tensor
        case .inplace(let e): e.tensor
        case .zeroGrad(let e): e.tensor
        case .optimStep(let e): e.tensor
        case .anomaly(let e): e.tensor
        case .error(let e): e.tensor
        case .note(let e): e.tensor
        default: nil
        }
    }

    /// The line that the event says it happened at; many are at the line of their node.
    public var src: TraceSource? {
        switch body {
        case .backwardBegin(let e): e.src
        case .inplace(let e): e.src
        case .zeroGrad(let e): e.src
        case .optimStep(let e): e.src
        case .gradMode(let e): e.src
        case .error(let e): e.src
        case .note(let e): e.src
        default: nil
        }
    }
}
