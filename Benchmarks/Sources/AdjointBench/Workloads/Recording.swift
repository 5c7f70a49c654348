import Adjoint

/// What recording costs: steps of a small network, as they are and with a trace being written.
enum Recording {
    static let all = [
        Workload("mlp-digits", "20 steps: \(network)", repetitions: 20) { unit { $0() } },
        Workload(
            "mlp-digits-recorded", "20 steps, a trace with summaries written: \(network)",
            repetitions: 5
        ) {
            unit { body in
                do { try Trace.record(to: "/dev/null") { body() } } catch {
                    fatalError("\(error)")
                }
            }
        },
        // What can be counted: lines are found by the runtime, and text made by another thread.
        Workload(
            "mlp-digits-kept", "20 steps, summaries kept in memory, without lines: \(network)",
            repetitions: 5
        ) {
            unit { body in _ = Trace.record(TraceOptions(stacks: .none)) { body() } }
        },
    ]

    private static let network = "Linear 64-128-64-10, ReLU, batch 64, AdamW"

    private static func unit(_ around: @escaping (() -> Void) -> Void) -> Workload.Unit {
        let model = Sequential(Linear(64, 128), ReLU(), Linear(128, 64), ReLU(), Linear(64, 10))
        let (x, y) = (Tensor.randn(64, 64), Tensor.randint(0, 10, [64]))
        let optimizer = AdamW(model.parameters(), learningRate: 1e-3)
        return .init(step: {
            around {
                for _ in 0..<20 {
                    optimizer.zeroGrad()
                    crossEntropy(model(x), y).backward()
                    optimizer.step()
                }
            }
        })
    }
}
