/// The unfinished files: the text of `Exercises/`, letter for letter, which a test compares.
extension SwiftExercise {
    static let chainRuleStarter = #"""
        // Exercise: chain-rule
        //
        // f(x, y) = (x² + y)³. Find its gradient twice.
        //
        // 1. By hand. Call the inner part u = x² + y, so that f = u³. What is df/du? What are du/dx and
        //    du/dy? Multiply. At (1, 2) the two numbers are whole.
        // 2. By autograd: make x and y tensors that require gradients, compute f from them, call
        //    backward(), and read the gradients. `item()` makes a number of a tensor.
        //
        // Keep the names and types; the check calls both functions at several points.

        import Adjoint

        func gradientByHand(x: Double, y: Double) -> (dx: Double, dy: Double) {
            (dx: 0, dy: 0)
        }

        func gradientByAutograd(x: Double, y: Double) -> (dx: Double, dy: Double) {
            (dx: 0, dy: 0)
        }

        """#

    static let absoluteValueStarter = #"""
        // Exercise: absolute-value
        //
        // |x| as an operation of your own, element by element.
        //
        // 1. forward: keep what the way back needs with context.saveForBackward, and return |x| without
        //    calling abs(). Tensor.where(condition, a, b) picks between two tensors.
        // 2. backward: what came in, times the slope: -1 left of 0, and 1 right of it. At 0 there is no
        //    slope. Choose a number between -1 and 1, and say in a comment why you took it.
        //    Beware of x / |x|: what is 0 / 0?
        //
        // Keep the name; the check calls Absolute().apply(x).

        import Adjoint

        struct Absolute: Function {
            func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
                [inputs[0] * 1]
            }

            func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
                [gradOutputs[0]!]
            }
        }

        """#

    static let trainingLoopStarter = #"""
        // Exercise: training-loop
        //
        // This loop is meant to teach `model` to give `targets` for `inputs`. It learns nothing of the
        // kind. Find what is wrong, and mend it; there is more than one fault.
        //
        // - What does each backward() do to the gradients that are already there?
        // - What does the loss compare? Could it ever be at its smallest?
        //
        // Keep the name and types. `train` returns the loss of every step.

        import Adjoint

        func train(_ model: Linear, inputs: Tensor, targets: Tensor, steps: Int) -> [Double] {
            let optimizer = SGD(model.parameters(), learningRate: 0.05)
            var losses: [Double] = []
            for _ in 0..<steps {
                let loss = model(inputs).sum()
                loss.backward()
                optimizer.step()
                losses.append(loss.item())
            }
            return losses
        }

        """#

    static let higherOrderStarter = #"""
        // Exercise: higher-order
        //
        // f(x) = x⁴ - 2x². Use grad(of:wrt:createGraph:) to get its second and third derivative at x.
        //
        // A gradient can be differentiated again only if it was recorded: which of the calls need
        // createGraph: true? At x = 1 both answers are whole numbers; work them out by hand first.
        //
        // Keep the name and type; the check calls the function at several points.

        import Adjoint

        func derivatives(at x: Double) -> (second: Double, third: Double) {
            (second: 0, third: 0)
        }

        """#

    static let miniAutogradStarter = #"""
        // Exercise: mini-autograd
        //
        // Automatic differentiation of your own, over single numbers, with +, * and power. No library.
        //
        // 1. A MiniTensor remembers the tensors that it was computed from, and for each of them the slope:
        //    how fast its own value changes with that one's. For a * b the slope for a is b's value.
        // 2. backward() sets this tensor's own gradient to 1. Then it visits every tensor that took part,
        //    each after all the tensors that were computed from it, and gives each parent its share:
        //    the gradient that has arrived, times the slope. Several shares are added.
        //
        // The order matters. Once c = a + b and d = c * a, a hears from both c and d; its gradient is
        // complete only when both have spoken. And a tensor that is used twice must not pass its gradient
        // on twice: with sixty doublings x + x, one after the other, that would take for ever.
        //
        //    let a = MiniTensor(2), b = MiniTensor(3)
        //    let c = a + b
        //    let d = c * a
        //    d.backward()          // a.grad is 7, b.grad is 2
        //
        // Keep the names and types that are here, and add whatever you need.

        final class MiniTensor {
            let value: Double
            var grad = 0.0

            init(_ value: Double) {
                self.value = value
            }

            static func + (a: MiniTensor, b: MiniTensor) -> MiniTensor {
                MiniTensor(0)
            }

            static func * (a: MiniTensor, b: MiniTensor) -> MiniTensor {
                MiniTensor(0)
            }

            /// This tensor to the power of n, which is at least 1.
            func power(_ n: Int) -> MiniTensor {
                MiniTensor(0)
            }

            func backward() {
            }
        }

        """#
}
