import Adjoint
import Testing

@Suite struct TrainingAidTests {
    @Test("averages fade evenly, and serve for the time of a closure")
    func averages() throws {
        let w = Parameter(Tensor([0.0, 8.0]))
        let average = ExponentialMovingAverage([w], decay: 0.5)
        for _ in 0..<2 {
            noGrad { _ = w.add_(4) }
            average.update()
        }
        #expect(average.averages[0].array(as: Float.self) == [5, 13] && average.updateCount == 2)
        #expect(!average.averages[0].requiresGrad)
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try average.withAverages {
                #expect(w.array(as: Float.self) == [5, 13])
                throw Stop()
            }
        }
        #expect(w.array(as: Float.self) == [8, 16] && w.isLeaf && w.requiresGrad)
        let other = ExponentialMovingAverage([w], decay: 0.5)
        try other.loadStateDict(average.stateDict())
        other.copyToParameters()
        #expect(w.array(as: Float.self) == [5, 13] && other.updateCount == 2)
        #expect(throws: OptimizerStateError.self) {
            try other.loadStateDict(["num_averaged": Tensor(1), "averages.0": Tensor.zeros(3)])
        }
        #expect(throws: TensorError.self) {
            try catchingTensorErrors { _ = ExponentialMovingAverage([w], decay: 2) }
        }
    }

    @Test("early averages fade faster where that is asked for")
    func warmUp() {
        let w = Parameter(Tensor([0.0]))
        let average = ExponentialMovingAverage([w], decay: 0.999, warmsUp: true)
        noGrad { _ = w.add_(10) }
        average.update()
        #expect(average.averages[0].item() == Float(9))
    }

    @Test("training is over when patience is")
    func earlyStopping() {
        var lowest = EarlyStopping(patience: 1, minDelta: 0.5)
        let over = [5.0, 4.6, 4.0, .nan, 4.0].map { lowest.isOver(after: $0) }
        #expect(over == [false, false, false, false, true])
        #expect(lowest.best == 4 && !lowest.isBest)
        var highest = EarlyStopping(mode: .max, patience: 0)
        #expect(!highest.isOver(after: 1) && highest.isBest && highest.isOver(after: 1))
    }
}
