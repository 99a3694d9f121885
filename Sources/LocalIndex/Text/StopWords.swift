/// Words of questions that say nothing about the code asked for.
enum StopWords {
    static let all = Set(
        TermSplitter.terms(
            in: """
                about after all also an and any are as at be been but by can could did do does doing done for from get
                gets had has have having he her here him his how if in into is it its just like may me might more most
                must my no nor not of off on one only or other our out over shall she should so some such than that the
                their them then there these they this those through to too under up us use used uses using very was we
                were what when where which while who whom whose why will with would you your
                """))
}
