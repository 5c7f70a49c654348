import AdjointTesting
import Testing

@testable import AdjointCore

/// What the sweep over wrong calls found in the core: each of these ended the process once.
@Suite struct WrongCallTests {
    @Test("a tensor that no memory holds is an error before anything is allocated")
    func room() {
        let makers: [() -> Tensor] = [
            { .zeros([1 << 42]) }, { .ones([1 << 62]) }, { .full([1 << 61], 2.0, dtype: .int64) },
            { .rand([1 << 42]) }, { .eye(1 << 32, 1 << 20) }, { .linspace(0, 1, 1 << 61) },
            { .arange(1 << 60) }, { Tensor([1.0]).expand([1 << 42]).exp() },
            { Tensor.randperm(1 << 42) },
        ]
        for (i, make) in makers.enumerated() {
            let error = tensorError { _ = make() }
            #expect(error?.kind == .argument, "maker \(i): \(String(describing: error))")
        }
        #expect(tensorError { _ = Tensor.zeros([1 << 42], device: .meta) } == nil)
        let zeros = tensorError { _ = Tensor.zeros([1 << 42]) }
        #expect(zeros?.description.hasPrefix("zeros: a tensor of shape [4398046511104]") == true)
    }

    @Test("sizes whose product overflows are refused, of views too")
    func products() {
        let one = Tensor([1.0])
        #expect(tensorError { _ = one.expand([1 << 62, 4]) }?.kind == .argument)
        #expect(tensorError { _ = one.asStrided([1 << 40], [1 << 40]) }?.kind == .index)
        #expect(tensorError { _ = Tensor.eye(0, .max).numel } == nil)
        let none = Tensor.zeros([1 << 40, 1 << 40, 0])
        #expect(none.sum().item(as: Double.self) == 0)
        #expect(none.mean().item(as: Double.self).isNaN)
        let huge = Tensor.zeros([1 << 62], device: .meta)
        #expect(tensorError { _ = huge.bernoulli() } == nil)
        #expect(tensorError { _ = huge.split(1) }?.kind == .argument)
        #expect(tensorError { _ = huge.unbind() }?.kind == .argument)
        #expect(tensorError { _ = Tensor.blockDiag(huge, huge) } != nil)
        #expect(tensorError { _ = huge.array(as: Float.self) }?.kind == .device)
    }

    @Test("extreme counts, steps and bounds are refused, or mean what they say")
    func extremes() {
        let x = Tensor([1.0, 2, 3])
        #expect(tensorError { _ = Tensor.arange(0, 1e300) }?.kind == .argument)
        #expect(tensorError { _ = Tensor.arange(Int.min, .max) }?.kind == .argument)
        #expect(x.slice(start: 1, step: .max).array(as: Double.self) == [2])
        #expect(
            Tensor.zeros(4, 3)[.slice(0, nil, step: .max)].shape == [1, 3])
        #expect(tensorError { _ = pad(x.unsqueeze(0), [0, 1 << 39], mode: .replicate) } != nil)
        let counts = Tensor([1 << 40, .max, 1])
        #expect(tensorError { _ = x.repeatInterleave(counts, dim: 0) }?.kind == .argument)
        #expect(tensorError { _ = Generator(seed: 1).permutation(-1) }?.kind == .argument)
        #expect(tensorError { _ = Generator(seed: 1).permutation(.max) }?.kind == .argument)
        let graph = (x.requiresGrad_() * 2).graph()
        #expect(graph.text(limit: -1).contains("more nodes"))
        #expect(!graph.dot(limit: .min).contains("->"))
        #expect(!graph.mermaid(limit: -5).contains("-->"))
    }

    @Test("an error is one line, whatever names it quotes")
    func lines() {
        #expect(TensorError(.argument, "no 'a\nb'").description == "no 'a\\nb'")
    }

    #if !os(iOS)
        @Test("outside the scope the same message ends the process")
        func message() async {
            let result = await #expect(
                processExitsWith: .failure, observing: [\.standardErrorContent]
            ) {
                _ = Tensor.zeros([1 << 42])
            }
            let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
            #expect(text.contains("zeros: a tensor of shape [4398046511104]"))
        }
    #endif

    @Test("an operator that is called with too few or too many tensors says how many it takes")
    func operands() {
        var variadic = 0
        for op in RollCall.all.compactMap({ $0.samples.first?.op }) {
            let (name, counts) = (type(of: op).info.name, type(of: op).operandCount)
            if counts.upperBound == .max { variadic += 1 }
            for count in 0..<9 where !counts.contains(count) {
                let list = [Tensor](repeating: Tensor([1.0, 2]).requiresGrad_(), count: count)
                let error = tensorError { for y in op(list) { y.sum().backward() } }
                #expect(error?.kind == .argument, "\(name) of \(count)")
                #expect(error?.message.hasPrefix("\(name) takes ") == true)
            }
        }
        #expect(variadic == 3)
        let one = tensorError { _ = Add()([Tensor([1.0])]) }
        #expect(one?.message == "add takes 2 tensors, and 1 was given")
        let none = tensorError { _ = Cat(dim: 0, lengths: [])([]) }
        #expect(none?.message == "cat takes at least 1 tensor, and 0 were given")
    }
}
