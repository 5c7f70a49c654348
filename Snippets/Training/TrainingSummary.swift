// What a network consists of, and what a call of it costs.
import Adjoint

final class Net: Module {
    let fc1 = Linear(784, 128), fc2 = Linear(128, 10)
    func callAsFunction(_ x: Tensor) -> Tensor { fc2(relu(fc1(x))) }
}

let summary = Net().summary(input: Tensor.zeros(32, 784)) { model, x in model(x) }
print(summary)
// prints: Layer             Output      Params      %  Saved for backward     MACs
// prints: fc1   Linear      [32, 128]  100,480  98.7%    98.0 KiB            3.2 M
// prints: relu  (function)  [32, 128]        0   0.0%    16.0 KiB                0
// prints: fc2   Linear      [32, 10]     1,290   1.3%         0 B (shared)  41.0 k
// prints: Total 101,770 trainable · graph holds 114.0 KiB until backward · peak estimate 941.1 KiB
print(summary.parameters, summary.macs, summary.savedBytes)  // prints: 101770 3252224 116736
