import Adjoint

/// Steps of training: gradients to nil, forward, backward, update.
enum Training {
    static let all = [
        mlp("sgd") { SGD($0, learningRate: 0.01) },
        mlp("adam") { Adam($0, learningRate: 1e-3) },
        wide, convolutional,
    ]

    private static func step(
        _ model: Sequential, _ x: Tensor, _ y: Tensor, _ optimizer: any Optimizer,
        _ loss: @escaping (Tensor, Tensor) -> Tensor
    ) -> Workload.Unit {
        .init(step: {
            optimizer.zeroGrad()
            loss(model(x), y).backward()
            optimizer.step()
        })
    }

    private static func mlp(
        _ name: String, _ optimizer: @escaping @Sendable ([Tensor]) -> any Optimizer
    )
        -> Workload
    {
        Workload(
            "mlp-64-\(name)",
            "a step: Linear 784-256-128-10, ReLU, batch 64, cross entropy", repetitions: 100
        ) {
            let model = Sequential(
                Linear(784, 256), ReLU(), Linear(256, 128), ReLU(), Linear(128, 10))
            return step(
                model, Tensor.randn(64, 784), Tensor.randint(0, 10, [64]),
                optimizer(model.parameters())
            ) { crossEntropy($0, $1) }
        }
    }

    private static let wide = Workload(
        "mlp-wide-adam", "a step: Linear 1024-4096-1024, GELU, batch 256, squared error",
        repetitions: 2
    ) {
        let model = Sequential(Linear(1024, 4096), GELU(), Linear(4096, 1024))
        return step(
            model, Tensor.randn(256, 1024), Tensor.randn(256, 1024),
            Adam(model.parameters(), learningRate: 1e-3)
        ) { mseLoss($0, $1) }
    }

    private static let convolutional = Workload(
        "cnn-64-adam",
        "a step: Conv 1-32-64 3x3 with ReLU and MaxPool, Linear 3136-128-10, 64 of 28 x 28",
        repetitions: 5
    ) {
        let model = Sequential(
            Conv2d(1, 32, kernelSize: 3, padding: 1), ReLU(), MaxPool2d(2),
            Conv2d(32, 64, kernelSize: 3, padding: 1), ReLU(), MaxPool2d(2),
            Flatten(), Linear(64 * 49, 128), ReLU(), Linear(128, 10))
        return step(
            model, Tensor.randn(64, 1, 28, 28), Tensor.randint(0, 10, [64]),
            Adam(model.parameters(), learningRate: 1e-3)
        ) { crossEntropy($0, $1) }
    }
}
