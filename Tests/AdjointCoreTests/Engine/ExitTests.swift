import Testing

@testable import AdjointCore

#if !os(iOS)
    /// Outside `catchingTensorErrors` a mistake ends the process, with its message.
    @Suite struct ExitTests {
        private func message(_ result: ExitTest.Result?) -> String {
            String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        }

        @Test func shapesThatDoNotBroadcast() async {
            let result = await #expect(
                processExitsWith: .failure, observing: [\.standardErrorContent]
            ) {
                _ = Tensor.zeros(2) + Tensor.zeros(3)
            }
            #expect(message(result).contains("add: shapes [2] and [3] do not broadcast"))
        }

        @Test func aSecondBackwardPass() async {
            let result = await #expect(
                processExitsWith: .failure, observing: [\.standardErrorContent]
            ) {
                let x = Tensor([2.0], requiresGrad: true)
                let y = x * x
                y.backward()
                y.backward()
            }
            #expect(message(result).contains("Trying to backward through the graph a second time"))
        }

        @Test func aWriteToASavedTensor() async {
            let result = await #expect(
                processExitsWith: .failure, observing: [\.standardErrorContent]
            ) {
                let y = Tensor([2.0], requiresGrad: true).exp()
                y.add_(1)
                y.backward()
            }
            #expect(message(result).contains("modified by an inplace operation"))
        }

        @Test func aWriteToALeaf() async {
            let result = await #expect(
                processExitsWith: .failure, observing: [\.standardErrorContent]
            ) {
                Tensor([2.0], requiresGrad: true).add_(1)
            }
            #expect(message(result).contains("add_: a leaf"))
        }

        @Test func aRootOfSeveralElements() async {
            let result = await #expect(
                processExitsWith: .failure, observing: [\.standardErrorContent]
            ) {
                (Tensor([2.0, 3.0], requiresGrad: true) * 2).backward()
            }
            #expect(
                message(result).contains("grad can be implicitly created only for scalar outputs"))
        }

        @Test func twoDevices() async {
            let result = await #expect(
                processExitsWith: .failure, observing: [\.standardErrorContent]
            ) {
                _ = Tensor.zeros(2) * Tensor.zeros(2, device: .meta)
            }
            #expect(message(result).contains("same device"))
        }

        @Test func memoryOfATensorWithGradients() async {
            let result = await #expect(
                processExitsWith: .failure, observing: [\.standardErrorContent]
            ) {
                Tensor([2.0], requiresGrad: true).withUnsafeBuffer(of: Float.self) { _ in }
            }
            #expect(message(result).contains("detach()"))
        }

        @Test func anIndexOutOfRange() async {
            let result = await #expect(
                processExitsWith: .failure, observing: [\.standardErrorContent]
            ) {
                _ = Tensor.zeros(2)[2]
            }
            #expect(message(result).contains("index 2 is out of range"))
        }
    }
#endif
