/// One way to finish each file of `Exercises/`.
enum ExerciseSolutions {
    static let all: [(file: String, text: String)] = [
        ("ChainRule.swift", chainRule), ("AbsoluteValue.swift", absoluteValue),
        ("TrainingLoop.swift", trainingLoop), ("HigherOrder.swift", higherOrder),
        ("MiniAutograd.swift", miniAutograd),
    ]

    static let chainRule = """
        // Exercise: chain-rule
        import Adjoint

        func gradientByHand(x: Double, y: Double) -> (dx: Double, dy: Double) {
            let u = x * x + y
            return (3 * u * u * 2 * x, 3 * u * u)
        }

        func gradientByAutograd(x: Double, y: Double) -> (dx: Double, dy: Double) {
            let x = Tensor(x, requiresGrad: true), y = Tensor(y, requiresGrad: true)
            ((x ** 2 + y) ** 3).backward()
            return (x.grad!.item(), y.grad!.item())
        }
        """

    static let absoluteValue = """
        // Exercise: absolute-value
        import Adjoint

        struct Absolute: Function {
            func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
                context.saveForBackward(inputs[0])
                return [Tensor.where(inputs[0] .< 0, -inputs[0], inputs[0])]
            }

            func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
                [gradOutputs[0]! * context.savedTensors[0].sign()]
            }
        }
        """

    static let trainingLoop = """
        // Exercise: training-loop
        import Adjoint

        func train(_ model: Linear, inputs: Tensor, targets: Tensor, steps: Int) -> [Double] {
            let optimizer = SGD(model.parameters(), learningRate: 0.05)
            var losses: [Double] = []
            for _ in 0..<steps {
                optimizer.zeroGrad()
                let loss = mseLoss(model(inputs), targets)
                loss.backward()
                optimizer.step()
                losses.append(loss.item())
            }
            return losses
        }
        """

    static let higherOrder = """
        // Exercise: higher-order
        import Adjoint

        func derivatives(at x: Double) -> (second: Double, third: Double) {
            let x = Tensor(x, requiresGrad: true)
            let first = grad(of: x ** 4 - 2 * x ** 2, wrt: x, createGraph: true)
            let second = grad(of: first, wrt: x, createGraph: true)
            return (second.item(), grad(of: second, wrt: x).item())
        }
        """

    static let miniAutograd = """
        // Exercise: mini-autograd
        final class MiniTensor {
            let value: Double
            var grad = 0.0
            let parents: [(tensor: MiniTensor, slope: Double)]

            init(_ value: Double) {
                self.value = value
                parents = []
            }

            init(_ value: Double, _ parents: [(tensor: MiniTensor, slope: Double)]) {
                self.value = value
                self.parents = parents
            }

            static func + (a: MiniTensor, b: MiniTensor) -> MiniTensor {
                MiniTensor(a.value + b.value, [(a, 1), (b, 1)])
            }

            static func * (a: MiniTensor, b: MiniTensor) -> MiniTensor {
                MiniTensor(a.value * b.value, [(a, b.value), (b, a.value)])
            }

            func power(_ n: Int) -> MiniTensor {
                var below = 1.0
                for _ in 1..<n { below *= value }
                return MiniTensor(below * value, [(self, Double(n) * below)])
            }

            func backward() {
                grad = 1
                var order: [MiniTensor] = []
                var seen: Set<ObjectIdentifier> = []
                func visit(_ tensor: MiniTensor) {
                    guard seen.insert(ObjectIdentifier(tensor)).inserted else { return }
                    for parent in tensor.parents { visit(parent.tensor) }
                    order.append(tensor)
                }
                visit(self)
                for tensor in order.reversed() {
                    for parent in tensor.parents {
                        parent.tensor.grad += tensor.grad * parent.slope
                    }
                }
            }
        }
        """
}
