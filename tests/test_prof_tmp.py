import cProfile, pstats, pytest, time
from tests import test_walk as t
from tests import walk
pytestmark = pytest.mark.django_db
def test_p(world):
    ss = t.walkers(); print(len(walk.standings()), len(ss), len(t.PAGES), len(t.OF_A_FILE))
    t0=time.time()
    bodies = {page.name: t.valid_body(world, page) for page in t.PAGES}
    print("bodies", time.time()-t0, {n: v[1] for n, v in t.valid_bodies(id(world)).items() if v[1]!="done"})
    n=0
    pr = cProfile.Profile(); pr.enable(); t0=time.time()
    for s in ss[:60:6]:
      with world.stand(s):
        way = t.Walk(world, s)
        for page in t.PAGES:
            t1=time.time()
            way.read(page); n+=1
            for body in [bodies[page.name], {}] if bodies[page.name] else [{}]:
                way.write(page, body); n+=1
        print(s, way.wrong[:6], len(way.wrong))
    print(n, time.time()-t0)
    pr.disable()
    pstats.Stats(pr).sort_stats("cumtime").print_stats(60)
