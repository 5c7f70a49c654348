import Adjoint
import Testing

/// States from elsewhere, and counts at the end of what an Int counts: each of these ended the process
/// once.
@Suite struct WrongStateTests {
    private func parameter() -> Tensor { Tensor([1.0, -2]).requiresGrad_() }

    @Test("a number of steps that is no count is refused")
    func counts() throws {
        for wrong in [Int64.max, .min, -1] {
            let optimizer = NAdam([parameter()])
            var state = optimizer.stateDict()
            state["state.0.step"] = Tensor(wrong, dtype: .int64)
            #expect(throws: OptimizerStateError.self) { try optimizer.loadStateDict(state) }
            let averages = ExponentialMovingAverage([parameter()])
            var saved = averages.stateDict()
            saved["num_averaged"] = Tensor(wrong, dtype: .int64)
            #expect(throws: OptimizerStateError.self) { try averages.loadStateDict(saved) }
        }
        let schedule = StepLR(SGD([parameter()]), stepSize: 2)
        var state = schedule.stateDict()
        for wrong in [9.2e18, -0x1p63, .infinity, 0.5] {
            state["last_epoch"] = Tensor(wrong, dtype: .float64)
            #expect(throws: OptimizerStateError.self) { try schedule.loadStateDict(state) }
        }
        #expect(schedule.stepCount == 0)
    }

    @Test("a schedule stays at the last step that an Int counts")
    func schedules() {
        let optimizer = SGD([parameter()], learningRate: 0.1)
        let schedules = [
            LinearLR(optimizer, totalIters: .max), PolynomialLR(optimizer, totalIters: .max),
            CosineAnnealingLR(optimizer, tMax: .max), StepLR(optimizer, stepSize: .max),
            CosineAnnealingLR(optimizer, tMax: 1 << 62),
        ]
        for schedule in schedules {
            schedule.stepCount = .max
            schedule.step()
            #expect(schedule.stepCount == .max)
            schedule.stepCount = .min
            schedule.step()
            _ = schedule.nextRates([0.1])
            #expect(schedule.stepCount == .min + 1)
        }
        let chain = ChainedScheduler([schedules[0]], optimizer)
        chain.stepCount = .max
        chain.step()
        #expect(chain.stepCount == .max)
    }

    @Test("rates that are missing are not saved")
    func rates() {
        let optimizer = SGD([parameter()])
        optimizer.initialLearningRates = []
        #expect(optimizer.stateDict()["group.0.initial_lr"] == nil)
    }

    @Test("directions and steps that do not belong together are forgotten")
    func directions() throws {
        let x = Tensor([-1.5, 2]).requiresGrad_()
        let optimizer = LBFGS([x], learningRate: 0.1, maxIter: 6)
        func loss() -> Tensor {
            optimizer.zeroGrad()
            let loss = (1 - x[0]).square() + 10 * (x[1] - x[0].square()).square()
            loss.backward()
            return loss
        }
        optimizer.step(loss)
        var state = optimizer.stateDict()
        let steps = try #require(state["state.0.old_stps"])
        try #require(steps.shape[0] > 1)
        state["state.0.old_stps"] = steps.narrow(dim: 0, start: 0, length: 1)
        state["state.0.n_iter"] = Tensor(9.2e18, dtype: .float64)
        try optimizer.loadStateDict(state)
        #expect(optimizer.step(loss).item(as: Double.self).isFinite)
    }

    @Test("an optimiser that was refused takes one iteration")
    func refused() {
        let x = parameter()
        var kept: LBFGS?
        _ = try? catchingTensorErrors { kept = LBFGS([x], maxIter: 0) }
        kept?.step {
            x.grad = nil
            let loss = x.square().sum()
            loss.backward()
            return loss
        }
        #expect(x.array(as: Float.self) != [1, -2])
    }
}
