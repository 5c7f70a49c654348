import Adjoint
import Testing

/// Every optimiser, with options that use all that it remembers.
struct OptimizerCase: Sendable, CustomTestStringConvertible {
    let name: String
    let make: @Sendable ([Tensor], Bool) -> any Optimizer

    init(_ name: String, _ make: @escaping @Sendable ([Tensor], Bool) -> any Optimizer) {
        self.name = name
        self.make = make
    }

    var testDescription: String { name }

    /// Those that take any shape and have `maximize`.
    static let plain: [OptimizerCase] = [
        OptimizerCase("SGD") {
            SGD($0, learningRate: 1e-3, momentum: 0.9, nesterov: true, maximize: $1)
        },
        OptimizerCase("Adam") { Adam($0, learningRate: 0.1, maximize: $1) },
        OptimizerCase("AdamW") { AdamW($0, learningRate: 0.1, amsgrad: true, maximize: $1) },
        OptimizerCase("Adamax") { Adamax($0, learningRate: 0.1, maximize: $1) },
        OptimizerCase("NAdam") { NAdam($0, learningRate: 0.1, maximize: $1) },
        OptimizerCase("RAdam") {
            RAdam(
                $0, learningRate: 0.1, weightDecay: 0.1, decoupledWeightDecay: true, maximize: $1)
        },
        OptimizerCase("RMSprop") {
            RMSprop($0, learningRate: 0.01, momentum: 0.9, centered: true, maximize: $1)
        },
        OptimizerCase("Rprop") { Rprop($0, learningRate: 0.01, maximize: $1) },
        OptimizerCase("Adagrad") {
            Adagrad(
                $0, learningRate: 0.1, learningRateDecay: 0.1, initialAccumulatorValue: 0.5,
                maximize: $1)
        },
        OptimizerCase("Adadelta") { Adadelta($0, weightDecay: 0.1, maximize: $1) },
        OptimizerCase("ASGD") { ASGD($0, learningRate: 0.01, t0: 2, maximize: $1) },
        OptimizerCase("Adafactor") {
            Adafactor($0, learningRate: 0.1, weightDecay: 0.1, maximize: $1)
        },
    ]

    static let all: [OptimizerCase] =
        plain + [
            OptimizerCase("Muon") { p, _ in Muon(p, learningRate: 0.1) },
            OptimizerCase("LBFGS") { p, _ in LBFGS(p, learningRate: 0.1, maxIter: 3, historySize: 2)
            },
            OptimizerCase("LBFGS, strong Wolfe") { p, _ in
                LBFGS(p, maxIter: 2, lineSearch: .strongWolfe)
            },
        ]
}
