import Testing

@testable import AdjointStudioCore

/// Curves with fewer points: nothing that a reader should see is lost.
@Suite struct CurveTests {
    @Test("what is small, large or no number stays; order stays; no point is made up")
    func thinned() {
        var points = (0..<10_000).map { CurvePoint($0, Double($0 % 7)) }
        points[1234].y = -50
        points[4321].y = 1e9
        points[5000].y = .nan
        points[6000].y = .infinity
        points[6001].y = -.infinity
        let thin = points.thinned(to: 400)
        #expect(thin.count <= 900)
        for index in [0, 1234, 4321, 5000, 6000, 6001, 9999] {
            #expect(thin.contains(points[index]), "\(index)")
        }
        #expect(zip(thin, thin.dropFirst()).allSatisfy { $0.step < $1.step })
        #expect(thin.allSatisfy { points[$0.step] == $0 })
        #expect(Array(points.prefix(300)).thinned(to: 400) == Array(points.prefix(300)))
    }

    @Test("the moving average begins at the first point and passes over what is no number")
    func smoothed() {
        let points = [CurvePoint(0, 2), CurvePoint(1, .nan), CurvePoint(2, 4)]
        let smooth = points.smoothed(0.5)
        #expect(smooth[0].y == 2 && smooth[1].y.isNaN)
        // (0.5·(0.5·2) + 0.5·4) / (0.5·0.5 + 0.5)
        #expect(abs(smooth[2].y - 2.5 / 0.75) < 1e-12)
        #expect(points.smoothed(0)[2].y == 4)
    }
}
