import Adjoint

/// Gradients of gradients.
enum HigherOrder {
    static let all = [residual, secondDerivatives]

    private static let residual = Workload(
        "pinn-1024",
        "an Adam step on the residual u_t - 0.1 u_xx of a tanh net 2-32-32-1 at 1,024 points",
        repetitions: 20
    ) {
        let model = Sequential(Linear(2, 32), Tanh(), Linear(32, 32), Tanh(), Linear(32, 1))
        let points = Tensor.rand(1024, 2, requiresGrad: true)
        let optimizer = Adam(model.parameters(), learningRate: 1e-3)
        return .init(step: {
            optimizer.zeroGrad()
            let slopes = grad(of: model(points).sum(), wrt: points, createGraph: true)
            let curvature = grad(of: slopes[.all, 0].sum(), wrt: points, createGraph: true)[.all, 0]
            ((slopes[.all, 1] - 0.1 * curvature) ** 2).mean().backward()
            optimizer.step()
        })
    }

    private static let secondDerivatives = Workload(
        "hessian-100", "the 100 x 100 Hessian of sum(tanh(A v)²)", repetitions: 5
    ) {
        let a = Tensor.randn(100, 100)
        let v = Tensor.randn(100)
        return .init(step: { _ = hessian({ v in (a.matmul(v).tanh() ** 2).sum() }, v) })
    }
}
