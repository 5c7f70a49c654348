extension SwiftExercise {
    static let chainRule = SwiftExercise(
        name: "chain-rule", file: "ChainRule.swift",
        summary: "the gradient of (x² + y)³, by hand and by autograd",
        needsLibrary: true, starter: chainRuleStarter,
        checks: #"""
            for (x, y) in [(1.0, 2.0), (0.5, -1.0), (-2.0, 3.0), (0.0, 1.5)] {
                let u = x * x + y
                judge.test("by hand at (\(x), \(y))") {
                    let found = gradientByHand(x: x, y: y)
                    return judge.differs("by hand at (\(x), \(y)) dx", found.dx, 6 * x * u * u)
                        ?? judge.differs("by hand at (\(x), \(y)) dy", found.dy, 3 * u * u)
                }
                judge.test("by autograd at (\(x), \(y))") {
                    let found = gradientByAutograd(x: x, y: y)
                    return judge.differs(
                        "by autograd at (\(x), \(y)) dx", found.dx, 6 * x * u * u, tolerance: 1e-5)
                        ?? judge.differs(
                            "by autograd at (\(x), \(y)) dy", found.dy, 3 * u * u, tolerance: 1e-5)
                }
            }
            judge.end()
            """#,
        expects: """
            gradientByHand(x:y:) and gradientByAutograd(x:y:), which give (dx: Double, dy: Double)
            """)

    static let absoluteValue = SwiftExercise(
        name: "absolute-value", file: "AbsoluteValue.swift",
        summary: "|x| as an operation of your own, with a choice at 0",
        needsLibrary: true, starter: absoluteValueStarter,
        checks: #"""
            func slopes(_ values: [Double], weights: [Double]) -> [Double] {
                let x = Tensor(values, dtype: .float64, requiresGrad: true)
                Absolute().apply(x).backward(gradient: Tensor(weights, dtype: .float64))
                return x.grad?.array(as: Double.self) ?? []
            }
            judge.test("values") {
                let x = Tensor([-2.0, -0.5, 0.0, 3.0], dtype: .float64)
                let found = noGrad { Absolute().apply(x) }.array(as: Double.self)
                return found == [2, 0.5, 0, 3]
                    ? nil : "of [-2, -0.5, 0, 3] the values are \(found), and should be [2, 0.5, 0, 3]"
            }
            judge.test("the slope left and right of 0") {
                let found = slopes([-2, -0.5, 0.25, 3], weights: [1, 1, 1, 1])
                return found == [-1, -1, 1, 1]
                    ? nil
                    : "at [-2, -0.5, 0.25, 3] the slopes are \(found), and should be [-1, -1, 1, 1]"
            }
            judge.test("what comes in is passed on, multiplied") {
                let found = slopes([-2, 3], weights: [10, 0.5])
                return found == [-10, 0.5]
                    ? nil : "10 and 0.5 came in at -2 and 3; \(found) goes out, and should be [-10, 0.5]"
            }
            judge.test("the choice at 0") {
                guard let chosen = slopes([0], weights: [1]).first else { return "no gradient at 0" }
                if chosen.isNaN { return "at 0 the slope is NaN: 0 divided by 0" }
                return abs(chosen) <= 1
                    ? nil : "at 0 the slope is \(chosen); a line of that slope crosses |x|, so choose from -1 to 1"
            }
            judge.test("a tensor of any shape") {
                let x = Tensor([[-1.0, 2.0], [3.0, -4.0]], dtype: .float64, requiresGrad: true)
                (Absolute().apply(x) * 2).sum().backward()
                return x.grad?.array(as: Double.self) == [-2, 2, 2, -2]
                    ? nil : "a tensor of shape [2, 2] gets the gradient \(x.grad.map { "\($0)" } ?? "nil")"
            }
            judge.end()
            """#,
        expects: "a struct Absolute that conforms to Function")

    static let trainingLoop = SwiftExercise(
        name: "training-loop", file: "TrainingLoop.swift",
        summary: "what is wrong in a loop that does not learn",
        needsLibrary: true, starter: trainingLoopStarter,
        checks: #"""
            manualSeed(3)
            let model = Linear(10, 1)
            let inputs = Tensor.randn(64, 10)
            let targets = inputs.sum(dim: 1, keepDim: true) + 0.5
            let steps = 300
            let losses = train(model, inputs: inputs, targets: targets, steps: steps)
            judge.test("a loss for every step") {
                losses.count == steps && losses.allSatisfy(\.isFinite)
                    ? nil : "\(losses.filter(\.isFinite).count) of \(steps) losses are finite numbers"
            }
            judge.test("the loss falls and stays above 0") {
                guard let first = losses.first, let last = losses.last else { return "no loss" }
                return last >= 0 && last < first / 100
                    ? nil : "the loss goes from \(first) to \(last)"
            }
            judge.test("no step goes along old gradients") {
                // With gradients that pile up, this loss swings; with fresh ones it only falls.
                let rises = zip(losses, losses.dropFirst()).filter { $1 > $0 + 1e-4 }.count
                return rises <= steps / 10 ? nil : "the loss rises in \(rises) of \(steps) steps"
            }
            judge.test("the model has learned") {
                let error = noGrad { mseLoss(model(inputs), targets) }.item() as Double
                return error < 1e-3
                    ? nil : "its mean squared error is \(error), and should be below 0.001"
            }
            judge.end()
            """#,
        expects: "train(_:inputs:targets:steps:), which gives [Double]")

    static let higherOrder = SwiftExercise(
        name: "higher-order", file: "HigherOrder.swift",
        summary: "the second and third derivative of x⁴ - 2x²",
        needsLibrary: true, starter: higherOrderStarter,
        checks: #"""
            for x in [1.0, 0.0, -1.5, 2.0] {
                judge.test("at \(x)") {
                    let found = derivatives(at: x)
                    return judge.differs(
                        "at \(x) the second derivative", found.second, 12 * x * x - 4,
                        tolerance: 1e-5)
                        ?? judge.differs(
                            "at \(x) the third derivative", found.third, 24 * x, tolerance: 1e-5)
                }
            }
            judge.end()
            """#,
        expects: "derivatives(at:), which gives (second: Double, third: Double)")
}
