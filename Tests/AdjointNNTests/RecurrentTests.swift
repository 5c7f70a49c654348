import Adjoint
import AdjointTesting
import Testing

@Suite struct RecurrentTests {
    private func input(_ shape: Int...) -> Tensor {
        withGenerator(seed: 4) { Tensor.randn(shape, dtype: .float64) }
    }

    @Test("a sequence is its steps one after the other")
    func sequencesAreSteps() throws {
        let x = input(5, 2, 3)
        let lstm = LSTM(3, 4, dtype: .float64)
        let cell = LSTMCell(3, 4, dtype: .float64)
        var state: StateDict = [:]
        for (name, tensor) in lstm.stateDict() { state[String(name.dropLast(3))] = tensor }
        try cell.loadStateDict(state)
        let (output, (h, c)) = lstm(x)
        var (hidden, memory) = cell(x[0])
        for t in 1..<5 { (hidden, memory) = cell(x[t], (hidden, memory)) }
        try expectClose(output[4], hidden)
        try expectClose(h[0], hidden)
        try expectClose(c[0], memory)
        // From where it stopped it goes on.
        let (first, between) = lstm(x[0..<2])
        let (second, _) = lstm(x[2...], between)
        try expectClose(Tensor.cat([first, second]), output)
    }

    @Test("the second direction reads from the end")
    func reversed() throws {
        let x = input(5, 2, 3)
        let both = GRU(3, 4, bidirectional: true, dtype: .float64)
        let single = GRU(3, 4, dtype: .float64)
        var state: StateDict = [:]
        for (name, tensor) in both.stateDict() where name.hasSuffix("_reverse") {
            state[name.replacing("_reverse", with: "")] = tensor
        }
        try single.loadStateDict(state)
        let (output, h) = both(x)
        let (backwards, last) = single(x.flip(0))
        try expectClose(output[.all, .all, 4...], backwards.flip(0))
        try expectClose(h[1], last[0])
    }

    @Test("one sequence is a batch of one, and the batch may come first")
    func layouts() throws {
        let x = input(5, 2, 3)
        let rnn = RNN(3, 4, numLayers: 2, nonlinearity: .relu, dtype: .float64)
        let first = RNN(3, 4, numLayers: 2, nonlinearity: .relu, batchFirst: true, dtype: .float64)
        try first.loadStateDict(rnn.stateDict())
        let (output, h) = rnn(x)
        let (single, own) = rnn(x[.all, 1])
        try expectClose(single, output[.all, 1])
        try expectClose(own, h[.all, 1])
        try expectClose(first(x.transpose(0, 1)).output, output.transpose(0, 1))
        let cell = GRUCell(3, 4, dtype: .float64)
        try expectClose(cell(x[0, 0], h[0, 0]), cell(x[0], h[0])[0])
    }

    @Test("derivatives hold to the second order")
    func derivatives() {
        let lstm = LSTM(2, 3, bidirectional: true, projSize: 2, dtype: .float64)
        let gru = GRU(2, 2, numLayers: 2, dtype: .float64)
        let x = input(3, 2, 2).requiresGrad_()
        #expect(gradcheck({ lstm($0).output.sin().sum() }, [x]))
        #expect(gradgradcheck({ gru($0).h.sin().sum() }, [x]))
    }

    @Test("an LSTM has the derivatives of its steps, in both directions")
    func walks() throws {
        let both = LSTM(2, 3, bidirectional: true, dtype: .float64)
        let cells = [LSTMCell(2, 3, dtype: .float64), LSTMCell(2, 3, dtype: .float64)]
        for (cell, end) in zip(cells, ["_l0", "_l0_reverse"]) {
            var state: StateDict = [:]
            for (name, tensor) in both.stateDict() where name.hasSuffix(end) {
                state[String(name.dropLast(end.count))] = tensor
            }
            try cell.loadStateDict(state)
        }
        let x = input(4, 2, 2).requiresGrad_()
        let (h, c) = (input(2, 2, 3).requiresGrad_(), (input(2, 2, 3) * 0.5).detach())
        c.requiresGrad_()
        func steps() -> Tensor {
            var sum = Tensor(0.0, dtype: .float64)
            for way in 0..<2 {
                var (hidden, memory) = (h[way], c[way])
                for t in way == 0 ? [0, 1, 2, 3] : [3, 2, 1, 0] {
                    (hidden, memory) = cells[way](x[t], (hidden, memory))
                    sum = sum + (hidden * hidden * Double(t + way + 1)).sum()
                }
                sum = sum + memory.sin().sum()
            }
            return sum
        }
        func walk() -> Tensor {
            let (output, state) = both(x, (h, c))
            var sum = state.c.sin().sum()
            for t in 0..<4 {
                let (first, second) = (output[t, .all, 0..<3], output[t, .all, 3...])
                sum = sum + (first * first * Double(t + 1)).sum()
                sum = sum + (second * second * Double(t + 2)).sum()
            }
            return sum
        }
        let wanted = [x, h, c]
        let own = wanted + both.parameters()
        let theirs = wanted + cells[0].parameters() + cells[1].parameters()
        try expectClose(walk(), steps())
        func first(_ value: Tensor, _ tensors: [Tensor], createGraph: Bool = false) -> [Tensor] {
            grads(of: [value], wrt: tensors, createGraph: createGraph).compactMap { $0 }
        }
        #expect(first(walk(), own).count == own.count)
        for (a, b) in zip(first(walk(), own), first(steps(), theirs)) { try expectClose(a, b) }
        // Gradients of gradients go by the formulas of the steps.
        func second(_ value: Tensor, _ tensors: [Tensor]) -> [Tensor] {
            let slopes = first(value, tensors, createGraph: true)
            var sum = Tensor(0.0, dtype: .float64)
            for slope in slopes { sum = sum + (slope * slope).sum() }
            return first(sum, tensors)
        }
        for (a, b) in zip(second(walk(), own), second(steps(), theirs)) { try expectClose(a, b) }
    }

    @Test("dropout is between layers, in training alone")
    func dropsBetweenLayers() throws {
        let x = input(3, 2, 3)
        let rnn = RNN(3, 40, numLayers: 2, dropout: 0.5, dtype: .float64)
        let trained = withGenerator(seed: 1) { rnn(x).output }
        let again = withGenerator(seed: 2) { rnn(x).output }
        #expect((trained - again).abs().max().item(as: Double.self) > 1e-3)
        rnn.eval()
        try expectClose(rnn(x).output, rnn(x).output, atol: 0, rtol: 0)
        let single = RNN(3, 40, dropout: 0.9, dtype: .float64)
        try expectClose(single(x).output, single(x).output, atol: 0, rtol: 0)
    }

    @Test("what does not fit is refused")
    func refusals() throws {
        let lstm = LSTM(3, 4)
        let x = Tensor.ones(5, 2, 3)
        let wrongs: [@Sendable () -> Void] = [
            { _ = lstm(Tensor.ones(5, 2, 4)) }, { _ = lstm(Tensor.ones(3)) },
            { _ = lstm(Tensor.ones(0, 2, 3)) },
            { _ = lstm(x, (Tensor.zeros(1, 2, 3), Tensor.zeros(1, 2, 4))) },
            { _ = lstm(x, (Tensor.zeros(1, 2, 4), Tensor.zeros(2, 2, 4))) },
            { _ = LSTMCell(3, 4)(Tensor.ones(2, 2)) },
            { _ = GRUCell(3, 4)(Tensor.ones(2, 3), Tensor.ones(4)) },
        ]
        for wrong in wrongs {
            #expect { try catchingTensorErrors { wrong() } } throws: {
                ($0 as? TensorError)?.kind == .shape
            }
        }
        for options in [(0, 0, 0.0), (4, 4, 0), (4, -1, 0), (4, 0, 2)] {
            #expect {
                try catchingTensorErrors {
                    _ = LSTM(3, options.0, dropout: options.2, projSize: options.1)(x)
                }
            } throws: {
                ($0 as? TensorError)?.kind == .argument
            }
        }
        #expect { try catchingTensorErrors { _ = GRUCell(-1, -2)(x) } } throws: {
            $0 is TensorError
        }
        #expect {
            try catchingTensorErrors { _ = GRU(3, 4)(x, Tensor.zeros([1, 2, 4], dtype: .float64)) }
        } throws: {
            ($0 as? TensorError)?.kind == .dtype
        }
    }
}
