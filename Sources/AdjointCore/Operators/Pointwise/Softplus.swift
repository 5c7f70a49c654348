import CAdjoint

/// A smooth positive part, log(1 + exp(βx)) / β. Beyond βx > threshold it is x itself.
public struct Softplus: UnaryChainOp {
    public static let info = OpInfo(
        "softplus", family: .pointwise, formula: "log(1 + exp(βx)) / β", derivative: "σ(βx)",
        torch: "torch.nn.functional.softplus", dtypes: .floating)
    public static var samples: [Sample] {
        Sample.unary(Softplus(), over: .uniform(-4, 4))
            + Sample.unary(Softplus(beta: 2, threshold: 1), over: .these([-2, -1, 0, 0.4, 0.7, 3]))
    }
    let beta: Double
    let threshold: Double
    /// log(1 + exp(βx)) / β for `beta` β; x itself where βx is above `threshold`.
    public init(beta: Double = 1, threshold: Double = 20) {
        self.beta = beta
        self.threshold = threshold
    }

    public var loop: UnaryKernel? {
        beta == 1 && threshold == 20 ? UnaryKernel(adj_softplus_f32, adj_softplus_f64) : nil
    }
    public var backwardKernel: BackwardKernel? {
        beta == 1 && threshold == 20
            ? BackwardKernel(adj_softplus_backward_f32, adj_softplus_backward_f64) : nil
    }
    public func value<T: Real>(_ x: T) -> T {
        let z = x * T(beta)
        return z > T(threshold) ? x : T.log1p(T.exp(z)) / T(beta)
    }
    public func chain(_ flow: Tensor, _ saved: Saved) -> Tensor {
        let z = beta == 1 ? saved[0] : saved[0] * beta
        // Cut off, so that the second derivative is 0 from the threshold on.
        let below = Tensor.where(z .>= threshold, threshold, z)
        return Tensor.where(z .> threshold, flow, flow * below.sigmoid())
    }
}

extension Tensor {
    /// log(1 + exp(βx)) / β for each element `x`, and `x` itself where βx > threshold. Same as
    /// `torch.nn.functional.softplus`.
    public func softplus(beta: Double = 1, threshold: Double = 20) -> Tensor {
        apply(Softplus(beta: beta, threshold: threshold), Operands(self))
    }
}
